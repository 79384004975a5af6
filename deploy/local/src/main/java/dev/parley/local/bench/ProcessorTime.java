package dev.parley.local.bench;

import dev.parley.local.ParleyStack;
import dev.parley.local.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** Processor time that each part has used, over its whole process tree, in seconds. */
record ProcessorTime(Map<Part, Double> seconds) {
    static final double TICKS_PER_SECOND = 100;

    static ProcessorTime of(ParleyStack stack) {
        Map<Part, Double> used = new EnumMap<>(Part.class);
        for (Part part : stack.running()) {
            used.put(part, ofTree(stack.pid(part)));
        }
        return new ProcessorTime(used);
    }

    /** What one process and all below it have used. */
    static double ofTree(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .mapToDouble(handle -> ticks(handle.pid()) / TICKS_PER_SECOND)
                .sum();
    }

    /** What was used since an earlier look. */
    ProcessorTime since(ProcessorTime before) {
        Map<Part, Double> used = new EnumMap<>(Part.class);
        seconds.forEach((part, now) -> used.put(part, now - before.seconds.getOrDefault(part, 0.0)));
        return new ProcessorTime(used);
    }

    double of(Part part) {
        return seconds.getOrDefault(part, 0.0);
    }

    double total() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static long ticks(long pid) {
        try {
            return ticks(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException gone) {
            return 0;
        }
    }

    /** What a process or a thread has used, by its {@code stat}. */
    static long ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
