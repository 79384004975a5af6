package dev.parley.gateway.session;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads auth-service's events on a thread of its own, every replica all of them from now on, and checks each second that
 * Kafka still answers: silence must not look like "nothing was revoked".
 */
@ApplicationScoped
class RevocationConsumer {
    private static final Logger LOG = Logger.getLogger(RevocationConsumer.class);
    private static final String TOPIC = "auth.tenant.events";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final SessionConfig config;
    private final Revocations revocations;
    private volatile boolean stopping;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private Thread thread;
    /** Where the partitions ended when Kafka last answered; null before it did. */
    private Map<TopicPartition, Long> ends;

    RevocationConsumer(SessionConfig config, Revocations revocations) {
        this.config = config;
        this.revocations = revocations;
    }

    void start(@Observes StartupEvent event) {
        if (config.kafkaBootstrap().isPresent()) {
            thread = Thread.ofPlatform().name("revocations").daemon().start(this::run);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        var running = consumer;
        if (running != null) {
            running.wakeup();
        }
        if (thread != null) {
            thread.join(Duration.ofSeconds(3));
        }
    }

    private void run() {
        while (!stopping) {
            try (var opened = open()) {
                consumer = opened;
                follow(opened);
            } catch (WakeupException e) {
                LOG.debug("revocations stop");
            } catch (KafkaException e) {
                LOG.warnf("revocations are read again from now on: %s", e.getMessage());
                revocations.arriving(false);
                LockSupport.parkNanos(CHECK_NANOS);
            } finally {
                consumer = null;
                revocations.arriving(false);
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> assigned = List.of();
        ends = null;
        long nextCheck = System.nanoTime();
        while (!stopping) {
            if (System.nanoTime() - nextCheck >= 0) {
                assigned = check(consumer, assigned);
                nextCheck = System.nanoTime() + CHECK_NANOS;
            }
            if (assigned.isEmpty()) {
                LockSupport.parkNanos(POLL.toNanos());
            } else {
                for (var event : consumer.poll(POLL)) {
                    receive(event);
                }
            }
        }
    }

    /**
     * Proves that Kafka answers and that we have read what it had at the last check, and follows partitions that are new,
     * those from their beginning. Whoever begins to read does not know what was sent before.
     */
    private List<TopicPartition> check(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> assigned) {
        try {
            List<TopicPartition> present = consumer.partitionsFor(TOPIC, PATIENCE).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            if (present.isEmpty()) {
                revocations.arriving(false);
                return assigned;
            }
            var now = consumer.endOffsets(present, PATIENCE);
            if (present.size() != assigned.size()) {
                consumer.assign(present);
                for (TopicPartition partition : present) {
                    if (!assigned.contains(partition)) {
                        consumer.seek(partition, assigned.isEmpty() ? now.get(partition) : 0L);
                    }
                }
                if (assigned.isEmpty()) {
                    revocations.missed();
                }
            }
            var due = ends == null ? now : ends;
            ends = now;
            revocations.arriving(due.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue()));
            return present;
        } catch (TimeoutException e) {
            ends = null;
            revocations.arriving(false);
            return assigned;
        }
    }

    private void receive(ConsumerRecord<byte[], byte[]> event) {
        revocations.receive(header(event, "ce_type"), header(event, "ce_subject"));
    }

    private static String header(ConsumerRecord<byte[], byte[]> event, String name) {
        var header = event.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                config.kafkaBootstrap().orElseThrow(),
                        ConsumerConfig.CLIENT_ID_CONFIG, "gateway.revocations",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        // Events that are gone before they were read are an error, not something to skip.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000",
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
