package dev.parley.e2e.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs client libraries, official ones and our own, as programs in the folder {@code judges}. */
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

    /** Runs a program in Python, which finds its packages in that folder, as {@link #run} does one in Node. */
    public static String runPython(String program, String packages, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("PYTHONPATH", packages);
        all.put("PYTHONDONTWRITEBYTECODE", "1");
        return execute(all, "python3", program);
    }

    /** Whether this machine has a Python that our client is for. */
    public static boolean havePython() throws InterruptedException {
        try {
            String check = "import sys; sys.exit(sys.version_info < (3, 10))";
            return new ProcessBuilder("python3", "-c", check).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
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
