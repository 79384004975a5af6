package dev.parley.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Against a real broker, no Quarkus. */
class RevocationConsumerIT {
    private static final String TOPIC = "auth.tenant.events";

    private final Revocations revocations = new Revocations();
    private final BlockingQueue<Predicate<CallerContext>> received = new LinkedBlockingQueue<>();

    @Test
    void revocationsArriveAndTheirSilenceIsNoticed() throws Exception {
        var arrivingAtGaps = new ConcurrentLinkedQueue<Boolean>();
        revocations.onRevocation(received::add);
        revocations.onGap(() -> arrivingAtGaps.add(revocations.arriving()));
        try (var kafka = new KafkaProcess()) {
            var consumer = new RevocationConsumer(config(kafka.bootstrap()), revocations);
            consumer.start(null);
            try {
                assertThat(revocations.arriving()).isFalse();
                kafka.start();
                kafka.createTopic(TOPIC);
                await(revocations::arriving, 30);

                revoke(kafka, "k1");
                assertThat(received.poll(10, TimeUnit.SECONDS))
                        .accepts(contextOf("k1"))
                        .rejects(contextOf("k2"));

                kafka.kill();
                await(() -> !revocations.arriving(), 10);
                kafka.start();
                await(revocations::arriving, 60);
                revoke(kafka, "k3");
                assertThat(received.poll(15, TimeUnit.SECONDS)).accepts(contextOf("k3"));
                assertThat(received).as("nothing is read twice").isEmpty();
                assertThat(arrivingAtGaps)
                        .as("before the first trust, and not again while nothing was missed")
                        .containsExactly(false);

                kafka.recreateTopic(TOPIC);
                await(() -> arrivingAtGaps.size() == 2, 30);
                await(revocations::arriving, 30);
                assertThat(arrivingAtGaps)
                        .as("whoever begins anew trusts nothing")
                        .containsExactly(false, false);
                revoke(kafka, "k4");
                assertThat(received.poll(15, TimeUnit.SECONDS)).accepts(contextOf("k4"));
            } finally {
                consumer.stop(null);
            }
        }
        assertThat(revocations.arriving()).isFalse();
    }

    private static void revoke(KafkaProcess kafka, String key) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            TOPIC,
                            null,
                            "tenant",
                            "a sealed payload".getBytes(StandardCharsets.UTF_8),
                            List.of(
                                    new RecordHeader(
                                            "ce_type", "auth.api-key-revoked.v1".getBytes(StandardCharsets.UTF_8)),
                                    new RecordHeader("ce_subject", key.getBytes(StandardCharsets.UTF_8)))))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static CallerContext contextOf(String key) {
        return new CallerContext("Bearer x", "tenant", key, "api-key:" + key, null, 0, 0, Long.MAX_VALUE);
    }

    private static void await(BooleanSupplier condition, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static SessionConfig config(String bootstrap) {
        return new SessionConfig() {
            @Override
            public URI authUrl() {
                return URI.create("http://127.0.0.1:1");
            }

            @Override
            public String service() {
                return "gateway";
            }

            @Override
            public String secret() {
                return "secret";
            }

            @Override
            public Duration exchangeTimeout() {
                return Duration.ofSeconds(1);
            }

            @Override
            public Duration renewBefore() {
                return Duration.ofSeconds(60);
            }

            @Override
            public Duration leastLife() {
                return Duration.ofSeconds(5);
            }

            @Override
            public Duration refusedFor() {
                return Duration.ofSeconds(3);
            }

            @Override
            public int maxContexts() {
                return 10;
            }

            @Override
            public Optional<String> kafkaBootstrap() {
                return Optional.of(bootstrap);
            }

            @Override
            public Duration unconfirmedAge() {
                return Duration.ofSeconds(2);
            }
        };
    }
}
