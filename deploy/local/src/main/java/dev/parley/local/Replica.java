package dev.parley.local;

import java.time.Duration;

/** A further process of one of our services, started by {@link ParleyStack#replica}. */
public final class Replica implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(45);

    private final PartProcess process;
    private final int port;

    Replica(PartProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where it listens on loopback. */
    public int port() {
        return port;
    }

    /** Its address. */
    public String url() {
        return "http://" + StackSettings.LOOPBACK + ":" + port;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Ends it at once, as {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Ends it in order. */
    @Override
    public void close() {
        process.stop(STOP_DEADLINE);
    }
}
