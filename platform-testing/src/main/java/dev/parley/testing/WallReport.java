package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report docs/reports/tenant-wall.md, of which each proof writes its own section. It holds no times, ids or other
 * things that differ between runs.
 */
public final class WallReport {
    private static final Path FILE = Path.of("..", "docs", "reports", "tenant-wall.md");
    private static final String HEAD = """
            # The tenant wall

            Written by the tests (`make test`), section by section: do not edit. Each section is what the last passing run saw.
            """;

    private WallReport() {}

    /** Replaces the section with that title, or adds it; sections are ordered by their titles. */
    public static void section(String title, List<String> lines) {
        try {
            Map<String, String> sections = new TreeMap<>();
            if (Files.exists(FILE)) {
                String[] parts = Files.readString(FILE).split("\n## ");
                for (int i = 1; i < parts.length; i++) {
                    int end = parts[i].indexOf('\n');
                    sections.put(
                            parts[i].substring(0, end), parts[i].substring(end).strip());
                }
            }
            sections.put(title, String.join("\n", lines).strip());
            StringBuilder text = new StringBuilder(HEAD);
            sections.forEach((name, content) -> text.append("\n## ")
                    .append(name)
                    .append("\n\n")
                    .append(content)
                    .append('\n'));
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
