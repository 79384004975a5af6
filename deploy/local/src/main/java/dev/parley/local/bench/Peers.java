package dev.parley.local.bench;

import java.util.concurrent.TimeUnit;

/** Ends the processes of other products that figures start. */
final class Peers {
    private Peers() {}

    /** Asks a process to end, and ends it after ten seconds. */
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
