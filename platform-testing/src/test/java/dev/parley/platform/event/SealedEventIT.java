package dev.parley.platform.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.data.Database;
import dev.parley.platform.eventkey.EventKey;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedEvents;
import dev.parley.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Events are sealed per tenant: against a real broker and database, with an auth-service that can be switched off. */
class SealedEventIT {
    private static final String TOPIC = "agent.reply.events";
    private static final String SECRET = "canary-of-the-payload";
    private static final AtomicBoolean AUTH_AWAY = new AtomicBoolean();
    private static final AtomicInteger QUESTIONS = new AtomicInteger();
    private static Database database;
    private static EventKeys keys;

    record Said(String text, String group) implements DomainEvent {
        @Override
        public String type() {
            return "test.said.v1";
        }

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public String key() {
            return group;
        }

        @Override
        public String subject() {
            return group;
        }
    }

    private static final class Listener implements TransactionalEventConsumer {
        private final String group;
        private final List<String> heard = new CopyOnWriteArrayList<>();

        Listener(String group) {
            this.group = group;
        }

        @Override
        public String group() {
            return group;
        }

        @Override
        public Set<String> topics() {
            return Set.of(TOPIC);
        }

        @Override
        public Set<String> types() {
            return Set.of("test.said.v1");
        }

        @Override
        public void handle(Handle handle, ReceivedEvent event) {
            heard.add(event.as(Said.class).text());
        }
    }

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("sealed_event_it", 8);
        keys = newKeys();
    }

    private static EventKeys newKeys() {
        return new EventKeys(database, EventFixtures.VAULT, tenant -> {
            QUESTIONS.incrementAndGet();
            if (AUTH_AWAY.get()) {
                throw CommonProblem.unavailable("auth-service", new IllegalStateException("switched off"));
            }
            return Optional.of(SealedEvents.keyset(tenant));
        });
    }

    @Test
    void aPayloadIsUnreadableInTheTopicAndReadByItsConsumer() throws Exception {
        TenantId tenant = newTenant();
        Listener listener = new Listener("sealed.reader");
        var running = RunningConsumers.start(database, codec(), listener);
        RunningConsumers.send(sealed(UUID.randomUUID(), tenant, SECRET));

        eventually(() -> listener.heard.contains(SECRET));
        running.stop();
        List<ConsumerRecord<String, byte[]>> inTopic = records(TOPIC, tenant);
        assertThat(inTopic).hasSize(1).allSatisfy(message -> {
            assertThat(new String(message.value(), StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
            assertThat(new String(SealedEvents.open(message), StandardCharsets.UTF_8))
                    .contains(SECRET);
        });
    }

    @Test
    void aRecordWhoseHeadersLieGoesToTheDeadLettersStillSealed() throws Exception {
        TenantId tenant = newTenant();
        TenantId other = newTenant();
        Listener listener = new Listener("sealed.lies");
        var running = RunningConsumers.start(database, codec(), listener);
        RunningConsumers.send(with(sealed(UUID.randomUUID(), tenant, "of another tenant"), "ce_tenantid", other));
        RunningConsumers.send(with(sealed(UUID.randomUUID(), tenant, "another id"), "ce_id", UUID.randomUUID()));
        RunningConsumers.send(with(sealed(UUID.randomUUID(), tenant, "another subject"), "ce_subject", other));
        RunningConsumers.send(with(sealed(UUID.randomUUID(), tenant, "plain"), "content-type", "application/json"));
        RunningConsumers.send(sealed(UUID.randomUUID(), tenant, "the truth"));

        eventually(() -> listener.heard.contains("the truth"));
        eventually(() -> deadLetters("sealed.lies", tenant).size() == 4);
        running.stop();
        assertThat(listener.heard).containsExactly("the truth");
        assertThat(deadLetters("sealed.lies", tenant)).allSatisfy(message -> {
            assertThat(new String(message.value(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("another id")
                    .doesNotContain("plain");
            assertThat(new String(message.headers().lastHeader("dlq_reason").value(), StandardCharsets.UTF_8))
                    .isEqualTo("java.lang.IllegalArgumentException");
        });
    }

    @Test
    void whileAuthServiceIsAwayEventsOfTenantsNeverMetWaitAndOthersFlow() throws Exception {
        TenantId met = newTenant();
        TenantId stranger = newTenant();
        ProducerRecord<String, byte[]> ofMet = sealed(UUID.randomUUID(), met, "met");
        ProducerRecord<String, byte[]> ofStranger = SealedEvents.sealed(unsealed(UUID.randomUUID(), stranger));
        AUTH_AWAY.set(true);
        Listener listener = new Listener("sealed.waits");
        var running = RunningConsumers.start(database, codec(), listener);
        RunningConsumers.send(ofStranger);
        RunningConsumers.send(ofMet);

        eventually(() -> listener.heard.contains("met"));
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(listener.heard).contains("met").doesNotContain("from a stranger");
        AUTH_AWAY.set(false);
        eventually(() -> listener.heard.contains("from a stranger"));
        running.stop();
        assertThat(deadLetters("sealed.waits", stranger)).isEmpty();
    }

    @Test
    void afterTheKeyIsDestroyedAnOldEventIsSkippedByAllReplicasAndNothingIsSealed() throws Exception {
        TenantId tenant = newTenant();
        ProducerRecord<String, byte[]> old = sealed(UUID.randomUUID(), tenant, "from the grave");
        database.useTenant(tenant, handle -> keys.destroy(handle, tenant));
        Listener listener = new Listener("sealed.erased");
        var running = RunningConsumers.start(database, codec(), listener);
        RunningConsumers.send(old);
        RunningConsumers.send(sealed(UUID.randomUUID(), newTenant(), "behind it"));

        eventually(() -> listener.heard.contains("behind it"));
        running.stop();
        assertThat(listener.heard).doesNotContain("from the grave");
        assertThat(deadLetters("sealed.erased", tenant)).isEmpty();
        EventKey afterRestart = newKeys().of(tenant);
        assertThat(afterRestart.destroyed()).isTrue();
        assertThatThrownBy(() -> afterRestart.seal(tenant, "t", UUID.randomUUID(), "s", new byte[1]))
                .isInstanceOf(IllegalStateException.class);
        assertThat(wrapped(tenant)).isNull();
    }

    @Test
    void aKeyIsAskedForOnceAndStandsWrappedInTheDatabase() throws Exception {
        TenantId tenant = newTenant();
        int before = QUESTIONS.get();
        keys.of(tenant);
        newKeys().of(tenant);

        assertThat(QUESTIONS.get() - before).isEqualTo(1);
        assertThat(wrapped(tenant)).isNotEmpty();
    }

    @Test
    void sealingAndOpeningCostMicroseconds() {
        TenantId tenant = newTenant();
        EventKey key = keys.of(tenant);
        byte[] payload = "x".repeat(600).getBytes(StandardCharsets.UTF_8);
        UUID id = UUID.randomUUID();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 2_000; i++) {
                key.open(tenant, "test.said.v1", id, "s", key.seal(tenant, "test.said.v1", id, "s", payload));
            }
            best = Math.min(best, (System.nanoTime() - start) / 2_000);
        }
        System.err.printf("seal and open an event of 600 bytes: %.1f µs%n", best / 1_000.0);
        assertThat(best).as("nanoseconds per event").isLessThan(200_000);
    }

    private static EventCodec codec() {
        return EventFixtures.codec(keys, PlainEvents.REFUSE);
    }

    private static ProducerRecord<String, byte[]> sealed(UUID id, TenantId tenant, String text) throws Exception {
        return RunningConsumers.record(codec(), keys, id, tenant, new Said(text, tenant.toString()));
    }

    private static ProducerRecord<String, byte[]> unsealed(UUID id, TenantId tenant) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                TOPIC,
                tenant.toString(),
                "{\"text\":\"from a stranger\",\"group\":\"g\"}".getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_id", id.toString(),
                        "ce_type", "test.said.v1",
                        "ce_subject", "s",
                        "ce_time", "2026-01-01T00:00:00Z",
                        "ce_tenantid", tenant.toString())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return message;
    }

    private static ProducerRecord<String, byte[]> with(
            ProducerRecord<String, byte[]> message, String header, Object value) {
        message.headers().remove(header).add(header, value.toString().getBytes(StandardCharsets.UTF_8));
        return message;
    }

    private static TenantId newTenant() {
        return new TenantId(UUID.randomUUID());
    }

    private static byte[] wrapped(TenantId tenant) throws Exception {
        try (var connection = PostgresServer.shared().superuser("sealed_event_it");
                var rows = connection
                        .createStatement()
                        .executeQuery("select wrapped from app.tenant_event_key where tenant_id = '" + tenant + "'")) {
            rows.next();
            return rows.getBytes(1);
        }
    }

    private static List<ConsumerRecord<String, byte[]>> deadLetters(String group, TenantId tenant) {
        String topic = TOPIC + "." + group + ".dlq";
        return RunningConsumers.count(topic) == 0 ? List.of() : records(topic, tenant);
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic, TenantId tenant) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> reader =
                new KafkaConsumer<>(EventFixtures.settings().consumer(null))) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            var ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                for (var message : reader.poll(Duration.ofMillis(200))) {
                    if (tenant.toString().equals(message.key())) {
                        found.add(message);
                    }
                }
            }
        }
        return found;
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
