package dev.parley.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One of the servers that are compared by the same requests, each in turn.
 *
 * @param pid of the process that is charged with what it and its children use
 */
record Contender(int port, long pid, List<byte[]> requests) implements Load.Target {

    /**
     * What it did in one turn.
     *
     * @param cpuSeconds processor time of its processes
     * @param resident MiB at the end
     */
    record Turn(Load.Result result, double cpuSeconds, double resident) {
        double rate() {
            return result.perSecond();
        }

        double cpuMicros() {
            return 1e6 * cpuSeconds / result.answered();
        }

        double millis(double percentile) {
            return result.millis(percentile);
        }
    }

    /** As fast as so many connections go. */
    Turn fast(int connections, int seconds) throws IOException {
        double before = ProcessorTime.ofTree(pid);
        Load.Result result = Swarm.run(port, requests, connections, seconds);
        return turn(before, result);
    }

    /** At a constant rate. */
    Turn steady(int perSecond, int seconds) throws InterruptedException, IOException {
        double before = ProcessorTime.ofTree(pid);
        Load.Result result = new Load(this).open(perSecond, seconds);
        return turn(before, result);
    }

    private Turn turn(double cpuBefore, Load.Result result) throws IOException {
        String pages = Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ")[1];
        return new Turn(result, ProcessorTime.ofTree(pid) - cpuBefore, Long.parseLong(pages) * 4 / 1024.0);
    }

    @Override
    public byte[] request(int lane) {
        return requests.get(Math.floorMod(lane, requests.size()));
    }
}
