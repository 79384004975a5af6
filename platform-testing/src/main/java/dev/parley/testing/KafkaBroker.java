package dev.parley.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** One real Kafka broker (KRaft) per test run, in a process of its own, with Parley's topics. */
public final class KafkaBroker {
    private static final List<String> TOPICS = List.of(
            "auth.tenant.events",
            "billing.subscription.events",
            "policy.usage.events",
            "agent.usage.events",
            "agent.run.events",
            "agent.reply.events",
            "channel.message.events",
            "channel.webhook.events",
            "platform.audit.events",
            "platform.lifecycle.events",
            "platform.audit.heads");
    private static final int PARTITIONS = 3;
    private static final int TRIES = 3;
    private static final KafkaBroker SHARED = startInSpiteOfTakenPorts();

    private final int port;

    private KafkaBroker(int port) {
        this.port = port;
    }

    /** The broker of this test run, started at first use. */
    public static KafkaBroker shared() {
        return SHARED;
    }

    /** Its address, for {@code bootstrap.servers}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Between finding a free port and listening on it another process may take it, for a connection even. */
    private static KafkaBroker startInSpiteOfTakenPorts() {
        for (int attempt = 1; ; attempt++) {
            try {
                return start();
            } catch (IllegalStateException notStarted) {
                if (attempt == TRIES) {
                    throw notStarted;
                }
            }
        }
    }

    private static KafkaBroker start() {
        try {
            int port = freePort();
            Path folder = TemporaryFiles.folder("parley-kafka");
            Path properties = Files.writeString(
                    folder.resolve("server.properties"), settings(port, freePortOtherThan(port), folder));
            run(
                            folder,
                            "kafka.tools.StorageTool",
                            "format",
                            "-t",
                            Uuid.randomUuid().toString(),
                            "-c",
                            properties.toString())
                    .waitFor();
            Process broker = TemporaryFiles.endingWithUs(run(folder, "kafka.Kafka", properties.toString()));
            KafkaBroker started = new KafkaBroker(port);
            started.createTopics(broker, folder);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String settings(int port, int controller, Path folder) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s/data
                auto.create.topics.enable=false
                offsets.topic.num.partitions=3
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                num.network.threads=2
                num.io.threads=2
                """.formatted(port, controller, folder);
    }

    private static Process run(Path folder, String main, String... arguments) throws IOException {
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path argumentFile = Files.writeString(
                Files.createTempFile(folder, "java", ".args"), "-cp\n\"" + classpath.replace("\\", "\\\\") + "\"\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "@" + argumentFile,
                main));
        command.addAll(List.of(arguments));
        File log = folder.resolve("kafka.log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private void createTopics(Process broker, Path folder) throws InterruptedException, IOException {
        List<NewTopic> topics = TOPICS.stream()
                .map(name -> new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()))
                .toList();
        Exception last = null;
        for (int attempt = 0; attempt < 240 && broker.isAlive(); attempt++) {
            if (!portOpen()) {
                TimeUnit.MILLISECONDS.sleep(250);
                continue;
            }
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap()))) {
                admin.createTopics(topics).all().get(20, TimeUnit.SECONDS);
                return;
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException failure) {
                last = failure;
            }
        }
        throw new IllegalStateException("Kafka did not start: " + Files.readString(folder.resolve("kafka.log")), last);
    }

    private boolean portOpen() {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException closed) {
            return false;
        }
    }

    /** The system may name the same free port twice. */
    private static int freePortOtherThan(int taken) throws IOException {
        int port = freePort();
        while (port == taken) {
            port = freePort();
        }
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
