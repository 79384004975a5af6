package dev.parley.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each running part took to start and holds in memory now.
 *
 * @param rows one per running part
 */
record Measurement(Map<Part, Row> rows) {
    private static final double SERVICE_READY_GOAL = 3.0;
    private static final long SERVICES_GOAL = 1536;
    private static final long STACK_GOAL = 3072;
    private static final int KIB = 1024;

    /**
     * One part.
     *
     * @param seconds from start to ready; not a number when unknown
     * @param resident MiB over the process tree, each process's resident pages counted in full
     * @param proportional MiB over the process tree, pages shared between processes counted once
     */
    record Row(double seconds, long resident, long proportional) {}

    /** Reads the figures of what runs from /proc. */
    static Measurement of(ParleyStack stack) {
        Map<Part, Row> rows = new EnumMap<>(Part.class);
        for (Part part : stack.running()) {
            List<Long> tree = ProcessHandle.of(stack.pid(part))
                    .map(handle -> Stream.concat(Stream.of(handle), handle.descendants())
                            .map(ProcessHandle::pid)
                            .toList())
                    .orElse(List.of());
            rows.put(
                    part,
                    new Row(
                            stack.secondsToReady(part).orElse(Double.NaN),
                            tree.stream()
                                            .mapToLong(pid -> kilobytes(pid, "Rss:"))
                                            .sum()
                                    / KIB,
                            tree.stream()
                                            .mapToLong(pid -> kilobytes(pid, "Pss:"))
                                            .sum()
                                    / KIB));
        }
        return new Measurement(rows);
    }

    /** The figures as a table with the goals beside the totals. */
    String table() {
        if (rows.isEmpty()) {
            return "Nothing of Parley is running: make up first.\n";
        }
        StringBuilder table = new StringBuilder(
                "%-22s %10s %10s %10s   %s%n".formatted("part", "ready (s)", "RSS (MiB)", "PSS (MiB)", "goal"));
        rows.forEach((part, row) -> table.append("%-22s %10.1f %10d %10d   %s%n"
                .formatted(
                        part.label(),
                        row.seconds(),
                        row.resident(),
                        row.proportional(),
                        part.isService() ? verdict(row.seconds() <= SERVICE_READY_GOAL, "ready in 3 s or less") : "")));
        long services = resident(true);
        long all = services + resident(false);
        table.append("%-22s %10s %10d %10d   %s%n"
                .formatted(
                        "services and gateway",
                        "",
                        services,
                        proportional(true),
                        verdict(services <= SERVICES_GOAL, "1536 MiB or less")));
        table.append("%-22s %10s %10d %10d   %s%n"
                .formatted(
                        "whole stack",
                        "",
                        all,
                        proportional(true) + proportional(false),
                        verdict(all <= STACK_GOAL, "3072 MiB or less")));
        return table.append("RSS counts pages that processes share once per process, PSS counts them once.\n")
                .toString();
    }

    private static String verdict(boolean reached, String goal) {
        return goal + (reached ? ": reached" : ": MISSED");
    }

    private long resident(boolean services) {
        return rows.entrySet().stream()
                .filter(row -> row.getKey().isService() == services)
                .mapToLong(row -> row.getValue().resident())
                .sum();
    }

    private long proportional(boolean services) {
        return rows.entrySet().stream()
                .filter(row -> row.getKey().isService() == services)
                .mapToLong(row -> row.getValue().proportional())
                .sum();
    }

    private static long kilobytes(long pid, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
