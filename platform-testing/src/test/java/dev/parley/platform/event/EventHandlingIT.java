package dev.parley.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.EventDelivery;
import dev.parley.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
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
}
