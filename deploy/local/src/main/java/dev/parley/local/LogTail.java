package dev.parley.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The end of a part's log as people read it: a JSON line becomes its level, message and causes. */
final class LogTail {
    private static final int LONGEST = 400;

    private LogTail() {}

    /** The last lines of a log; empty when there is none. */
    static List<String> of(Path log, int lines) {
        try {
            List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> readable = all.subList(Math.max(0, all.size() - lines), all.size()).stream()
                    .flatMap(LogTail::readable)
                    .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line)
                    .toList();
            return readable.subList(Math.max(0, readable.size() - lines), readable.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Stream<String> readable(String line) {
        if (!line.startsWith("{")) {
            return Stream.of(line);
        }
        try {
            JsonNode record = JsonHttp.JSON.readTree(line);
            return Stream.concat(
                    Stream.of("%-5s %s"
                            .formatted(
                                    record.path("level").asText(),
                                    record.path("message").asText())),
                    record.path("stackTrace")
                            .asText()
                            .lines()
                            .map(String::strip)
                            .filter(trace -> !trace.isEmpty() && !trace.startsWith("at ") && !trace.startsWith("... "))
                            .map(trace -> "      " + trace));
        } catch (JsonProcessingException e) {
            return Stream.of(line);
        }
    }
}
