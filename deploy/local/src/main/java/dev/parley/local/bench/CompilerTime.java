package dev.parley.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Processor time that the compilers of all JVMs below this process have used, by thread: what is still spent on it is not
 * what a message costs, and is over a few minutes after a service started.
 *
 * @param ticks of each compiler's thread that lives, by process and thread id
 */
record CompilerTime(Map<String, Long> ticks) {
    /** What was used until now. */
    static CompilerTime now() {
        Map<String, Long> ticks = new HashMap<>();
        ProcessHandle.current().descendants().forEach(process -> {
            for (Path thread : threads(process.pid())) {
                count(thread, ticks);
            }
        });
        return new CompilerTime(ticks);
    }

    /** Seconds used since an earlier look by threads that still live. */
    double since(CompilerTime before) {
        return ticks.entrySet().stream()
                        .mapToLong(thread -> thread.getValue() - before.ticks.getOrDefault(thread.getKey(), 0L))
                        .sum()
                / ProcessorTime.TICKS_PER_SECOND;
    }

    private static List<Path> threads(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static void count(Path thread, Map<String, Long> ticks) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
            if (name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) {
                ticks.put(thread.toString(), ProcessorTime.ticks(stat));
            }
        } catch (IOException gone) {
            // A compiler's thread ends when there is nothing to compile.
        }
    }
}
