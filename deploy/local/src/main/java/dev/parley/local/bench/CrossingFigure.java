package dev.parley.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A million interleaved requests of fifty tenants over a pool of four connections, with transactions that end badly in
 * between: the program {@code PoolCrossing} of platform-testing, on a PostgreSQL of its own.
 */
final class CrossingFigure implements Figure {
    private static final Path CLASSPATH = Path.of("platform-testing/target/bench.classpath");
    private static final int REQUESTS = 1_000_000;
    private static final int SMOKE_REQUESTS = 2_000;
    private static final int PATIENCE_MINUTES = 15;
    private static final Pattern RESULT =
            Pattern.compile("in ([\\d.,]+) s: ([\\d.,]+) right, ([\\d.,]+) crossed; ([\\d.,]+) transactions");

    @Override
    public String name() {
        return "crossing";
    }

    @Override
    public String title() {
        return "50 tenants over 4 connections";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException {
        int requests = bed.effort().smoke() ? SMOKE_REQUESTS : REQUESTS;
        String said = run(requests);
        Matcher result = RESULT.matcher(said);
        if (!result.find()) {
            throw new IOException("PoolCrossing said: " + said);
        }
        return List.of(
                new Line(
                        "requests that saw what is not theirs",
                        "",
                        Samples.of(number(result.group(3))),
                        Goal.neverAbove(0)),
                new Line(
                        "requests that saw their own canary and nothing else",
                        "",
                        Samples.of(number(result.group(2))),
                        Goal.atLeast(requests)),
                Line.plain("transactions aborted, timed out, cancelled, cut", "", Samples.of(number(result.group(4)))),
                Line.plain("it took", "s", Samples.of(number(result.group(1)))));
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }

    private static String run(int requests) throws IOException, InterruptedException {
        if (!Files.exists(CLASSPATH)) {
            throw new IOException(CLASSPATH + " is missing: make bench writes it");
        }
        String classpath =
                "platform-testing/target/classes:" + Files.readString(CLASSPATH).strip();
        Path output = Files.createTempFile("crossing", ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classpath,
                        "dev.parley.testing.PoolCrossing",
                        Integer.toString(requests))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("PoolCrossing did not end in " + PATIENCE_MINUTES + " minutes");
            }
            return Files.readString(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
