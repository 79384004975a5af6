package dev.parley.e2e.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs official client libraries, as Node programs in the folder {@code judges}. */
public final class Judges {
    private static final Path FOLDER = Path.of("judges").toAbsolutePath();

    private Judges() {}

    /** Runs a program with these settings and returns what it printed; fails when it fails. */
    public static String run(String program, Map<String, String> settings) throws IOException, InterruptedException {
        Path installed = FOLDER.resolve("node_modules/.package-lock.json");
        Path wanted = FOLDER.resolve("package-lock.json");
        if (!Files.exists(installed)
                || Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) < 0) {
            execute(Map.of(), "npm", "ci", "--no-audit", "--no-fund");
        }
        return execute(settings, "node", program);
    }

    private static String execute(Map<String, String> settings, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true);
        builder.environment().putAll(settings);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }
}
