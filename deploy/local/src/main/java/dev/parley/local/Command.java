package dev.parley.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short program to its end. */
final class Command {
    private Command() {}

    /** Runs it and returns what it said; a failure names the part it was run for and ends in what it said. */
    static String run(Part part, ProcessSpec spec) {
        try {
            ProcessBuilder builder = new ProcessBuilder(spec.command())
                    .directory(spec.directory().toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(spec.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                List<String> lines = said.lines().toList();
                throw new StackFailure(
                        "%s cannot be prepared: %s ended with code %d"
                                .formatted(part.label(), spec.command().getFirst(), code),
                        lines.subList(Math.max(0, lines.size() - 20), lines.size()),
                        null);
            }
            return said;
        } catch (IOException e) {
            throw new StackFailure("%s cannot be prepared: %s".formatted(part.label(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure(part.label() + " was interrupted while being prepared", e);
        }
    }
}
