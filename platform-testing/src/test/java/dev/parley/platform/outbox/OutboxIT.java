package dev.parley.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.data.Database;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.event.EventFixtures;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.RunningConsumers;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OutboxIT {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static Database database;
    private static Outbox outbox;
    private static OutboxRelay relay;
    private static RunningConsumers consumers;
    private static final Recorder RECORDER = new Recorder();

    record Noted(String text, String group) implements DomainEvent {
        @Override
        public String type() {
            return "test.noted.v1";
        }

        @Override
        public String topic() {
            return "agent.run.events";
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

    /** Writes what it gets into the table note, in the transaction of the inbox; chokes on poison. */
    static final class Recorder implements TransactionalEventConsumer {
        private final List<String> tries = java.util.Collections.synchronizedList(new ArrayList<>());
        private final List<String> applied = java.util.Collections.synchronizedList(new ArrayList<>());

        @Override
        public String group() {
            return "test-service.recorder";
        }

        @Override
        public Set<String> topics() {
            return Set.of("agent.run.events");
        }

        @Override
        public Set<String> types() {
            return Set.of("test.noted.v1");
        }

        @Override
        public void handle(Handle handle, ReceivedEvent event) {
            String text = event.as(Noted.class).text();
            tries.add(text);
            handle.execute("insert into note values (?, ?, ?)", event.tenant().value(), event.id(), text);
            if (text.equals("poison")) {
                throw new IllegalStateException("cannot digest");
            }
            applied.add(text);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.create("outbox_it", 8);
        outbox = new Outbox(EventFixtures.mapper());
        relay = new OutboxRelay(
                database,
                EventFixtures.codec(database),
                EventFixtures.settings(),
                outbox,
                EventFixtures.keys(database),
                new SimpleMeterRegistry(),
                true);
        relay.start(null);
        consumers = RunningConsumers.start(database, RECORDER);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.stop(null);
        consumers.stop();
    }

    @Test
    void anEventOfATransactionThatCommitsLateIsNeitherLostNorOvertakenInItsKey() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        Thread late = Thread.startVirtualThread(() -> database.useTenant(TENANT, handle -> {
            // As a statement with Outbox.appendFor does; an appended event is written with the commit.
            handle.execute("""
                    insert into outbox_event (tenant_id, id, topic, key, type, subject, payload)
                    values (?, ?, 'agent.run.events', 'late', 'test.noted.v1', 'late',
                            '{"text": "late 1", "group": "late"}')
                    """, TENANT.value(), UUID.randomUUID());
            written.countDown();
            await(mayCommit);
        }));
        await(written);

        append("late", "late 2");
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(RECORDER.applied).doesNotContain("late 2");

        mayCommit.countDown();
        late.join();
        eventually(() -> RECORDER.applied.containsAll(List.of("late 1", "late 2")));
    }

    @Test
    void anEventOfARolledBackTransactionIsNeverSent() throws Exception {
        try {
            database.useTenant(TENANT, handle -> {
                outbox.append(handle, TENANT, new Noted("rolled back", "back"));
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("no");
        }
        append("back", "after");

        eventually(() -> RECORDER.applied.contains("after"));
        assertThat(RECORDER.applied).doesNotContain("rolled back");
    }

    @Test
    void eventsThatAreAppendedTogetherKeepTheirOrder() throws Exception {
        database.useTenant(TENANT, handle -> {
            outbox.append(handle, TENANT, new Noted("together 0", "together"));
            outbox.appendAll(
                    handle,
                    TENANT,
                    IntStream.range(1, 30)
                            .mapToObj(i -> new Noted("together " + i, "together"))
                            .toList());
            outbox.append(handle, TENANT, new Noted("together 30", "together"));
        });

        eventually(() -> RECORDER.applied.contains("together 30"));
        assertThat(RECORDER.applied.stream()
                        .filter(text -> text.startsWith("together"))
                        .toList())
                .isEqualTo(IntStream.rangeClosed(0, 30)
                        .mapToObj(i -> "together " + i)
                        .toList());
    }

    @Test
    void fourWritersKeepTheOrderOfEachKey() throws Exception {
        database.useTenant(
                TENANT,
                handle -> handle.execute("insert into note values (?, ?, '0')", TENANT.value(), new UUID(1, 1)));
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                writers.add(threads.submit(() -> database.useTenant(TENANT, handle -> {
                    int next = handle.createQuery(
                                    "update note set text = (text::int + 1)::text where id = ? returning text::int")
                            .bind(0, new UUID(1, 1))
                            .mapTo(Integer.class)
                            .one();
                    outbox.append(handle, TENANT, new Noted("ordered " + next, "ordered"));
                })));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        eventually(() -> RECORDER.applied.contains("ordered 200"));
        List<String> ordered = RECORDER.applied.stream()
                .filter(text -> text.startsWith("ordered"))
                .toList();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            expected.add("ordered " + i);
        }
        assertThat(ordered).isEqualTo(expected);
    }

    @Test
    void poisonIsPutAsideAfterFiveTriesAndBlocksNobody() throws Exception {
        append("poisoned", "poison");
        append("poisoned", "behind the poison");

        eventually(() -> RECORDER.applied.contains("behind the poison"));
        assertThat(RECORDER.tries.stream().filter("poison"::equals).count()).isBetween(5L, 6L);
        assertThat(notes("poison")).isZero();
        eventually(() -> RunningConsumers.count("agent.run.events.test-service.recorder.dlq") == 1);
    }

    @Test
    void anEventThatArrivesTwiceHasItsEffectOnce() throws Exception {
        UUID id = UUID.randomUUID();
        RunningConsumers.send(database, id, TENANT, new Noted("twice", "twice"));
        RunningConsumers.send(database, id, TENANT, new Noted("twice", "twice"));
        append("twice", "last");

        eventually(() -> RECORDER.applied.contains("last"));
        eventually(() -> notes("last") == 1);
        assertThat(notes("twice")).isEqualTo(1);
    }

    @Test
    void theOutboxIsEmptyInTheEnd() throws Exception {
        append("end", "end");

        eventually(() -> RECORDER.applied.contains("end"));
        eventually(() -> database.acrossTenants(handle -> handle.createQuery("select count(*) from outbox_event")
                        .mapTo(Integer.class)
                        .one())
                == 0);
    }

    private static void append(String group, String text) {
        database.useTenant(TENANT, handle -> outbox.append(handle, TENANT, new Noted(text, group)));
    }

    private static int notes(String text) {
        return database.inTenant(TENANT, handle -> handle.createQuery("select count(*) from note where text = :text")
                .bind("text", text)
                .mapTo(Integer.class)
                .one());
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("in time; applied: " + RECORDER.applied)
                    .isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
