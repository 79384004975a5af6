package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The policy engine in process beside jcasbin and Cedar with an equal policy: the JMH benchmark of deploy/bench-engine,
 * one thread, each engine in a JVM of its own; and whether all three answer alike.
 */
final class EngineFigure implements Figure {
    private static final Path MODULE = Path.of("deploy/bench-engine/target");
    private static final int CASES = 100_000;
    private static final int PATIENCE_MINUTES = 6;
    private static final int WARM_ITERATIONS = 4;
    private static final Pattern AGREEMENT = Pattern.compile("cases (\\d+) allowed (\\d+) disagreements (\\d+)");

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public String title() {
        return "decisions in process beside jcasbin and Cedar, one thread";
    }

    @Override
    public List<Line> measure(Bed bed) throws IOException, InterruptedException {
        Matcher agreement = AGREEMENT.matcher(run(
                "dev.parley.bench.engine.Agreement",
                Integer.toString(bed.effort().smoke() ? CASES / 100 : CASES)));
        if (!agreement.find()) {
            throw new IOException("the engines were not compared");
        }
        Map<String, Samples> rates = rates(bed.effort());
        Samples one = rates.get("parley 1");
        Samples thousand = rates.get("parley 1000");
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("ours, 1 tenant", "/s", one, Goal.atLeast(1_000_000)));
        lines.add(new Line("ours, 1,000 tenants", "/s", thousand, Goal.atLeast(1_000_000)));
        addRatio(lines, "jcasbin's, 1 tenant", one, rates.get("jcasbin 1"), 3);
        addRatio(lines, "Cedar's, 1 tenant", one, rates.get("cedar 1"), 30);
        addRatio(lines, "jcasbin's, 1,000 tenants", thousand, rates.get("jcasbin 1000"), 500);
        addRatio(lines, "Cedar's, 1,000 tenants", thousand, rates.get("cedar 1000"), 500);
        for (String peer : List.of("jcasbin", "cedar")) {
            lines.add(Line.plain(peer + ", 1 tenant", "/s", rates.get(peer + " 1")));
            lines.add(Line.plain(peer + ", 1,000 tenants", "/s", rates.get(peer + " 1000")));
        }
        lines.add(new Line(
                "of " + agreement.group(1) + " random cases (" + agreement.group(2) + " allowed), answered differently",
                "",
                Samples.of(Integer.parseInt(agreement.group(3))),
                Goal.neverAbove(0)));
        return lines;
    }

    private static void addRatio(List<Line> lines, String what, Samples ours, Samples theirs, double goal) {
        double[] ratios = new double[ours.sorted().length];
        for (int i = 0; i < ratios.length; i++) {
            // Iterations of two JVMs belong to no common round: the spread is that of the worst pairing.
            ratios[i] = ours.sorted()[i] / theirs.sorted()[ratios.length - 1 - i];
        }
        lines.add(new Line("rate / " + what, "x", Samples.of(ratios), Goal.atLeast(goal)).judgedBy(theirs));
    }

    private static Map<String, Samples> rates(Effort effort) throws IOException, InterruptedException {
        Path result = Files.createTempFile("engine", ".json");
        try {
            run(
                    "org.openjdk.jmh.Main",
                    "-f",
                    "1",
                    "-t",
                    "1",
                    "-wi",
                    Integer.toString(WARM_ITERATIONS),
                    "-w",
                    Math.max(1, effort.warm() / WARM_ITERATIONS) + "s",
                    "-i",
                    Integer.toString(effort.rounds()),
                    "-r",
                    Math.max(1, effort.seconds() / 2) + "s",
                    "-foe",
                    "true",
                    "-rf",
                    "json",
                    "-rff",
                    result.toString());
            Map<String, Samples> rates = new TreeMap<>();
            for (JsonNode one : new ObjectMapper().readTree(result.toFile())) {
                JsonNode scores = one.path("primaryMetric").path("rawData").path(0);
                double[] values = new double[scores.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = scores.get(i).asDouble();
                }
                JsonNode which = one.path("params");
                rates.put(
                        which.path("engine").asText() + " "
                                + which.path("tenants").asText(),
                        Samples.of(values));
            }
            return rates;
        } finally {
            Files.delete(result);
        }
    }

    private static String run(String main, String... arguments) throws IOException, InterruptedException {
        Path classpath = MODULE.resolve("bench.classpath");
        if (!Files.exists(classpath)) {
            throw new IOException(classpath + " is missing: make bench writes it");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                MODULE.resolve("classes") + ":" + Files.readString(classpath).strip(),
                main));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("engine", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            String said = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(main + " failed: " + said);
            }
            return said;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
