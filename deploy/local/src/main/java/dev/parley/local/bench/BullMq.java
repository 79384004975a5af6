package dev.parley.local.bench;

import dev.parley.local.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A sender of signed webhooks on BullMQ, with Redis that appends to its file every second. Jobs come from a process of
 * their own, a hundred at a time, which is not charged to it.
 */
final class BullMq implements AutoCloseable {
    private static final Path PEERS = Path.of("deploy/bench-peers");

    private final Process redis;
    private final Process worker;
    private final int port;
    private final String url;
    private final Path folder;

    private BullMq(Process redis, Process worker, int port, String url, Path folder) {
        this.redis = redis;
        this.worker = worker;
        this.port = port;
        this.url = url;
        this.folder = folder;
    }

    /** Where Debian's redis-server is; empty when it is not installed. */
    static Optional<Path> server() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts Redis and the sender; returns when both are ready. */
    static BullMq start(Path server, String url) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bullmq");
        int port = Bed.freePort();
        Process redis = new ProcessBuilder(
                        server.toString(),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "everysec")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        Process worker = node(Map.of("ROLE", "worker", "REDIS_PORT", String.valueOf(port), "URL", url));
        BullMq peer = new BullMq(redis, worker, port, url, folder);
        BufferedReader said = worker.inputReader();
        for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
            if (line == null) {
                peer.close();
                throw new IOException("the sender on BullMQ did not start");
            }
        }
        return peer;
    }

    private static Process node(Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("node", "bullmq.mjs"))
                .directory(PEERS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(settings);
        return builder.start();
    }

    /** Queues so many webhooks; they are sent meanwhile. */
    void queue(int count) throws IOException, InterruptedException {
        Process producer = node(Map.of(
                "ROLE", "producer", "REDIS_PORT", String.valueOf(port), "URL", url, "COUNT", String.valueOf(count)));
        if (producer.waitFor() != 0) {
            throw new IOException("webhooks could not be queued in BullMQ");
        }
    }

    /** Processor time of Redis and the sender. */
    double cpuSeconds() {
        return ProcessorTime.ofTree(redis.pid()) + ProcessorTime.ofTree(worker.pid());
    }

    @Override
    public void close() throws IOException {
        for (Process process : List.of(worker, redis)) {
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
        Folders.delete(folder);
    }
}
