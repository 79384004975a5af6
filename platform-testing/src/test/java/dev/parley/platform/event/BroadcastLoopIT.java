package dev.parley.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.TestDatabase;
import java.time.Instant;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broadcast consumer that is there before its topics are. */
class BroadcastLoopIT {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static Database database;

    record Said(String text, String topic) implements DomainEvent {
        @Override
        public String type() {
            return "test.said.v1";
        }

        @Override
        public String key() {
            return "key";
        }

        @Override
        public String subject() {
            return "subject";
        }
    }

    private record Listener(Set<String> topics, CountDownLatch lookedThrough, BlockingQueue<String> heard)
            implements BroadcastEventConsumer {
        Listener(Set<String> topics) {
            this(topics, new CountDownLatch(1), new LinkedBlockingQueue<>());
        }

        @Override
        public String group() {
            return "test-service.broadcast";
        }

        /** Told to the loop one by one, so that the test knows when it has asked Kafka about all of them. */
        @Override
        public Set<String> topics() {
            return new AbstractSet<>() {
                @Override
                public Iterator<String> iterator() {
                    Iterator<String> each = topics.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            if (!each.hasNext()) {
                                lookedThrough.countDown();
                            }
                            return each.hasNext();
                        }

                        @Override
                        public String next() {
                            return each.next();
                        }
                    };
                }

                @Override
                public int size() {
                    return topics.size();
                }
            };
        }

        @Override
        public Set<String> types() {
            return Set.of("test.said.v1");
        }

        @Override
        public boolean concerns(TenantId tenant, Instant happened) {
            return tenant.equals(TENANT);
        }

        @Override
        public void handle(ReceivedEvent event) {
            heard.add(event.as(Said.class).text());
        }
    }

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("broadcast_loop_it", 4);
    }

    @Test
    void aTopicThatIsMadeAfterwardsIsReadFromItsBeginning() throws Exception {
        String late = "test.late-" + UUID.randomUUID();
        assertThat(heardOf(late, new Listener(Set.of(late)))).isEqualTo("hello");
    }

    @Test
    void aTopicThatIsMadeAfterwardsIsReadBesideThoseThatWereThere() throws Exception {
        String late = "test.late-" + UUID.randomUUID();
        assertThat(heardOf(late, new Listener(Set.of("agent.reply.events", late))))
                .isEqualTo("hello");
    }

    private static String heardOf(String late, Listener listener) throws Exception {
        var running = RunningConsumers.start(database, listener);
        try {
            assertThat(listener.lookedThrough().await(60, TimeUnit.SECONDS)).isTrue();
            create(late);
            RunningConsumers.send(database, UUID.randomUUID(), TENANT, new Said("hello", late));
            return listener.heard().poll(60, TimeUnit.SECONDS);
        } finally {
            running.stop();
        }
    }

    private static void create(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.shared().bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
