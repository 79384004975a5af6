package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report docs/reports/crash.md, to which each path adds its own row. It holds no times, ids or other things that
 * differ between runs.
 */
public final class CrashReport {
    private static final Path FILE = Path.of("..", "docs", "reports", "crash.md");
    private static final String HEAD = """
            # A crash at every statement boundary

            Written by the tests (`make test`), row by row: do not edit. Each row is what the last passing run saw.

            A process dies before each statement, before each commit, and after each commit before anybody hears of it:
            its connections are cut, and whatever is left of the path gets no further statement. Where a path asks another
            system, the statement before and the statement after that call are such boundaries too. Then comes what
            production does, and the checker: the sum of entries is the balance, no limit is exceeded, every effect and its
            event are there once, no hold is older than its life. Unless the row says otherwise, the end is also the same,
            row by row, as the end of a run in which nobody died.

            | Path | Where | Boundaries | of these after a commit | Recovery | Result |
            |---|---|---:|---:|---|---|
            """;

    private CrashReport() {}

    /** Replaces the row of that path in that service, or adds it; rows are ordered by path and service. */
    public static synchronized void row(
            String path, String where, EveryBoundary.Tried tried, String recovery, String result) {
        try {
            Map<String, String> rows = new TreeMap<>();
            if (Files.exists(FILE)) {
                Files.readAllLines(FILE).stream()
                        .filter(line -> line.startsWith("| ") && !line.startsWith("| Path "))
                        .forEach(line -> rows.put(key(line), line));
            }
            String line = "| %s | %s | %d | %d | %s | %s |"
                    .formatted(path, where, tried.count(), tried.commits(), recovery, result);
            rows.put(key(line), line);
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, HEAD + String.join("\n", rows.values()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(String line) {
        String[] cells = line.split("\\|");
        return cells[1].strip() + "|" + cells[2].strip() + "|" + cells[5].strip();
    }
}
