package dev.parley.local.bench;

import dev.parley.local.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sender of signed webhooks on BullMQ, with Redis that appends to its file every second. Jobs come from a process of
 * their own, a hundred at a time: it stands for our consumer, and is charged like it.
 */
final class BullMq implements AutoCloseable {
    private static final Path PEERS = Path.of("deploy/bench-peers");

    private final Process redis;
    private final Process worker;
    private final Process producer;
    private final Path folder;

    private BullMq(Process redis, Process worker, Process producer, Path folder) {
        this.redis = redis;
        this.worker = worker;
        this.producer = producer;
        this.folder = folder;
    }

    /** Where Debian's redis-server is; empty when it is not installed. */
    static Optional<Path> server() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts Redis and the sender, with so many attempts at a time; returns when all are ready. */
    static BullMq start(Path server, String url, int concurrency) throws IOException, InterruptedException {
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
        Map<String, String> settings =
                Map.of("REDIS_PORT", String.valueOf(port), "URL", url, "CONCURRENCY", String.valueOf(concurrency));
        BullMq peer = new BullMq(redis, node("worker", settings), node("producer", settings), folder);
        try {
            expect(peer.worker, "ready");
            expect(peer.producer, "ready");
        } catch (IOException dead) {
            peer.close();
            throw dead;
        }
        return peer;
    }

    private static void expect(Process process, String word) throws IOException {
        String said = process.inputReader().readLine();
        if (!word.equals(said)) {
            throw new IOException("the peer on BullMQ said " + said + " instead of " + word);
        }
    }

    private static Process node(String role, Map<String, String> settings) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("node", "bullmq.mjs"))
                .directory(PEERS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(settings);
        builder.environment().put("ROLE", role);
        return builder.start();
    }

    /** Queues so many webhooks; they are sent meanwhile. */
    void queue(int count) throws IOException {
        producer.outputWriter().write(count + "\n");
        producer.outputWriter().flush();
        expect(producer, "queued");
    }

    /** Processor time of Redis, the sender, and what queues. */
    double cpuSeconds() {
        return ProcessorTime.ofTree(redis.pid())
                + ProcessorTime.ofTree(worker.pid())
                + ProcessorTime.ofTree(producer.pid());
    }

    @Override
    public void close() throws IOException {
        for (Process process : List.of(producer, worker, redis)) {
            Peers.stop(process);
        }
        Folders.delete(folder);
    }
}
