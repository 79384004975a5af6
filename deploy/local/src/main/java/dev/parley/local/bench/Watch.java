package dev.parley.local.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends one request again and again, at a constant rate and to several replicas in turns, and notes every answer. */
final class Watch implements AutoCloseable {
    private final List<Integer> ports;
    private final byte[] request;
    private final long interval;
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<Integer, ConcurrentLinkedQueue<Connection>> idle = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread pacer;
    private volatile boolean stopping;

    /** Begins at once. */
    Watch(List<Integer> ports, byte[] request, int perSecond) {
        this.ports = ports;
        this.request = request;
        this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        ports.forEach(port -> idle.put(port, new ConcurrentLinkedQueue<>()));
        this.pacer = Thread.ofPlatform().daemon().name("pacer").start(this::pace);
    }

    /** How many requests this replica has answered with 2xx so far. */
    long succeeded(int port) {
        return seen.stream()
                .filter(one -> one.port() == port && one.succeeded())
                .count();
    }

    /** Everything that was answered, after the last answer has come. */
    List<Seen> stop() {
        stopping = true;
        LockSupport.unpark(pacer);
        threads.close();
        return new ArrayList<>(seen);
    }

    private void pace() {
        long due = System.nanoTime();
        for (int i = 0; !stopping; i++) {
            int port = ports.get(i % ports.size());
            try {
                threads.execute(() -> send(port));
            } catch (RejectedExecutionException stopped) {
                return;
            }
            due += interval;
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void send(int port) {
        long sent = System.nanoTime();
        Connection connection = idle.get(port).poll();
        try {
            connection = connection == null ? new Connection(port) : connection;
            int status = connection.call(request);
            seen.add(new Seen(port, sent, System.nanoTime(), status));
            idle.get(port).add(connection);
        } catch (IOException broken) {
            seen.add(new Seen(port, sent, System.nanoTime(), 0));
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        for (ConcurrentLinkedQueue<Connection> connections : idle.values()) {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /**
     * One answer.
     *
     * @param status 0 when the connection broke
     */
    record Seen(int port, long sent, long answered, int status) {
        boolean succeeded() {
            return status / 100 == 2;
        }
    }
}
