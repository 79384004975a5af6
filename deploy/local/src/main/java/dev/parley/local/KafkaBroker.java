package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/** Apache Kafka: broker and KRaft controller in one small JVM, topics made only from the list in deploy/kafka. */
final class KafkaBroker implements StackPart {
    private static final String HEAP = "384m";

    private final StackSettings stack;
    private final Path folder;

    KafkaBroker(StackSettings stack) {
        this.stack = stack;
        this.folder = stack.data().root().resolve("kafka");
    }

    @Override
    public Part part() {
        return Part.KAFKA;
    }

    @Override
    public Set<Part> needs() {
        return Set.of();
    }

    @Override
    public void prepare() {
        try {
            Files.createDirectories(folder);
            Files.writeString(settingsFile(), settings());
            Files.writeString(loggingFile(), """
                    handlers=java.util.logging.ConsoleHandler
                    .level=WARNING
                    kafka.server.level=INFO
                    java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$s [%3$s] %5$s%6$s%n
                    """);
            if (!Files.exists(logs().resolve("meta.properties"))) {
                Command.run(
                        part(),
                        new ProcessSpec(
                                jvm(
                                        "kafka.tools.StorageTool",
                                        "format",
                                        "--cluster-id",
                                        Uuid.randomUuid().toString(),
                                        "--config",
                                        settingsFile().toString()),
                                Map.of(),
                                folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ProcessSpec process() {
        List<String> command = jvm("kafka.Kafka", settingsFile().toString());
        command.addAll(1, StackSettings.archiveFlags(stack.checkout().runtime().resolve("kafka-broker.jsa")));
        return new ProcessSpec(command, Map.of("MALLOC_ARENA_MAX", "2"), folder);
    }

    @Override
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(StackSettings.LOOPBACK, stack.ports().of(part())), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void provision() {
        Topics.read(stack.checkout().topics()).ensure(stack.bootstrapServers());
    }

    private String settings() {
        int broker = stack.ports().of(part());
        int controller = stack.ports().allOf(part()).getLast();
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=PLAINTEXT
                log.dirs=%3$s
                auto.create.topics.enable=false
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                message.max.bytes=1048588
                log.retention.hours=168
                log.segment.bytes=67108864
                log.cleaner.threads=1
                log.cleaner.dedupe.buffer.size=8388608
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                queued.max.requests=100
                """.formatted(broker, controller, logs());
    }

    private List<String> jvm(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(StackSettings.java(
                HEAP,
                "-Xms64m",
                "-Djava.util.logging.config.file=" + loggingFile(),
                "-Djava.awt.headless=true",
                "-cp",
                stack.checkout().brokerClasspath(),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    private Path settingsFile() {
        return folder.resolve("server.properties");
    }

    private Path loggingFile() {
        return folder.resolve("logging.properties");
    }

    private Path logs() {
        return folder.resolve("data");
    }
}
