package dev.parley.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.EventDelivery;
import dev.parley.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is noted of events that a consumer applies, and of those that have no effect there. */
class EventHandlingIT {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static Database database;

    record Said(String text) {}

    /** Applies what is not idle talk. */
    private static final class Listener implements TransactionalEventConsumer {
        private final boolean noted;
        private final List<String> heard = new ArrayList<>();

        Listener(boolean noted) {
            this.noted = noted;
        }

        @Override
        public String group() {
            return "handling-" + noted;
        }

        @Override
        public Set<String> topics() {
            return Set.of("agent.reply.events");
        }

        @Override
        public Set<String> types() {
            return Set.of("test.said.v1");
        }

        @Override
        public boolean concerns(ReceivedEvent event) {
            return !event.as(Said.class).text().equals("idle talk");
        }

        @Override
        public boolean noted() {
            return noted;
        }

        @Override
        public void handle(Handle handle, ReceivedEvent event) {
            heard.add(event.as(Said.class).text());
        }
    }

    /** Takes what happened to anybody since a moment, together or not, and may refuse what comes together. */
    private record Flow(boolean together, boolean togetherByKey, Instant since, boolean picky, List<List<String>> heard)
            implements FlowEventConsumer {
        Flow(boolean together, Instant since, boolean picky, List<List<String>> heard) {
            this(together, false, since, picky, heard);
        }

        @Override
        public String group() {
            return "handling-flow";
        }

        @Override
        public Set<String> topics() {
            return Set.of("agent.reply.events");
        }

        @Override
        public Set<String> types() {
            return Set.of("test.said.v1");
        }

        @Override
        public boolean concerns(TenantId tenant, Instant happened) {
            return happened.isAfter(since);
        }

        @Override
        public boolean concerns(ReceivedEvent event) {
            return !event.as(Said.class).text().equals("idle talk");
        }

        @Override
        public void handle(ReceivedEvent event) {
            heard.add(List.of(event.as(Said.class).text()));
        }

        @Override
        public void handleAll(List<ReceivedEvent> events) {
            if (picky && events.size() > 1) {
                throw new IllegalStateException("too many");
            }
            heard.add(events.stream().map(event -> event.as(Said.class).text()).toList());
        }
    }

    record Spoken(String text) implements DomainEvent {
        @Override
        public String type() {
            return "test.spoken.v1";
        }

        @Override
        public String topic() {
            return "agent.reply.events";
        }

        @Override
        public String key() {
            return "one";
        }

        @Override
        public String subject() {
            return "one";
        }
    }

    /** Has no stack left for poison, and the class for rarities at the seventh try. */
    private record Fragile(TenantId tenant, List<String> heard, CountDownLatch behind) implements FlowEventConsumer {
        @Override
        public String group() {
            return "handling-fragile";
        }

        @Override
        public Set<String> topics() {
            return Set.of("agent.reply.events");
        }

        @Override
        public Set<String> types() {
            return Set.of("test.spoken.v1");
        }

        @Override
        public boolean concerns(TenantId whose, Instant happened) {
            return whose.equals(tenant);
        }

        @Override
        public void handle(ReceivedEvent event) {
            String text = event.as(Spoken.class).text();
            heard.add(text);
            if (text.equals("poison")) {
                throw new StackOverflowError();
            }
            if (text.equals("rarity") && heard.size() < 7) {
                throw new NoClassDefFoundError("of another version");
            }
            behind.countDown();
        }
    }

    private static void handle(Flow flow, List<ConsumerRecord<String, byte[]>> messages) {
        EventCodec codec = EventFixtures.codec(database);
        new EventHandling(flow, codec, database, null, () -> false)
                .handle(messages.stream()
                        .map(message -> new KeyedWork.Delivery(message, codec.decode(message)))
                        .toList());
    }

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("event_handling_it", 4);
    }

    private static ConsumerRecord<String, byte[]> said(UUID id, String text) {
        return EventDelivery.message(
                id, "agent.reply.events", "test.said.v1", TENANT, "{\"text\":\"%s\"}".formatted(text));
    }

    private static long noted(Listener listener) {
        return database.inTenant(TENANT, handle -> handle.createQuery(
                        "select count(*) from processed_event where tenant_id = app.tenant() and consumer = :consumer")
                .bind("consumer", listener.group())
                .mapTo(Long.class)
                .one());
    }

    private static EventDelivery delivery() {
        return new EventDelivery(EventFixtures.codec(database), database);
    }

    @Test
    void whatDoesNotConcernAConsumerIsPassedOverAndNotNoted() {
        Listener listener = new Listener(true);
        UUID heard = UUID.randomUUID();
        delivery().deliver(listener, said(UUID.randomUUID(), "idle talk"), said(heard, "news"));
        delivery().deliver(listener, said(heard, "news"));
        delivery().deliver(listener, said(UUID.randomUUID(), "idle talk"));

        assertThat(listener.heard).containsExactly("news");
        assertThat(noted(listener)).isEqualTo(1);
    }

    @Test
    void whoseEffectIsTheSameHoweverOftenDoesWithoutANote() {
        Listener listener = new Listener(false);
        UUID twice = UUID.randomUUID();
        delivery().deliver(listener, said(twice, "news"));
        delivery().deliver(listener, said(twice, "news"));

        assertThat(listener.heard).containsExactly("news", "news");
        assertThat(noted(listener)).isZero();
    }

    @Test
    void whatIsTakenTogetherComesAtOnceAndOneByOneWhenThatFails() {
        List<ConsumerRecord<String, byte[]>> messages = List.of(
                said(UUID.randomUUID(), "a"), said(UUID.randomUUID(), "idle talk"), said(UUID.randomUUID(), "b"));
        Flow together = new Flow(true, Instant.EPOCH, false, new ArrayList<>());
        Flow alone = new Flow(false, Instant.EPOCH, false, new ArrayList<>());
        Flow picky = new Flow(true, Instant.EPOCH, true, new ArrayList<>());

        Flow ofKey = new Flow(false, true, Instant.EPOCH, false, new ArrayList<>());

        List.of(together, alone, picky, ofKey).forEach(flow -> handle(flow, messages));

        assertThat(together.heard).containsExactly(List.of("a", "b"));
        assertThat(ofKey.heard).containsExactly(List.of("a", "b"));
        assertThat(alone.heard).containsExactly(List.of("a"), List.of("b"));
        assertThat(picky.heard).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void anErrorIsTriedAgainAndThenPutAsideLikeAnyOtherFailure() throws Exception {
        TenantId tenant = new TenantId(UUID.randomUUID());
        Fragile fragile = new Fragile(tenant, new CopyOnWriteArrayList<>(), new CountDownLatch(1));
        var running = RunningConsumers.start(database, fragile);
        try {
            RunningConsumers.send(database, UUID.randomUUID(), tenant, new Spoken("poison"));
            RunningConsumers.send(database, UUID.randomUUID(), tenant, new Spoken("behind it"));

            assertThat(fragile.behind().await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(fragile.heard()).startsWith("poison", "poison", "poison", "poison", "poison");
            assertThat(RunningConsumers.count("agent.reply.events.handling-fragile.dlq"))
                    .isPositive();
        } finally {
            running.stop();
        }
    }

    @Test
    void whatThisProcessCannotLoadIsNotPutAside() throws Exception {
        TenantId tenant = new TenantId(UUID.randomUUID());
        Fragile fragile = new Fragile(tenant, new CopyOnWriteArrayList<>(), new CountDownLatch(2));
        var running = RunningConsumers.start(database, fragile);
        try {
            RunningConsumers.send(database, UUID.randomUUID(), tenant, new Spoken("rarity"));
            RunningConsumers.send(database, UUID.randomUUID(), tenant, new Spoken("behind it"));

            assertThat(fragile.behind().await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(fragile.heard())
                    .containsExactly("rarity", "rarity", "rarity", "rarity", "rarity", "rarity", "rarity", "behind it");
        } finally {
            running.stop();
        }
    }

    @Test
    void whatConcernsNobodyIsNotEvenOpened() {
        ConsumerRecord<String, byte[]> broken = said(UUID.randomUUID(), "a");
        broken.value()[broken.value().length - 1] ^= 1;
        Flow flow = new Flow(true, Instant.now().plusSeconds(60), false, new ArrayList<>());

        handle(flow, List.of(broken));

        assertThat(flow.heard).isEmpty();
    }
}
