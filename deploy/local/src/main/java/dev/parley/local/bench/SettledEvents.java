package dev.parley.local.bench;

import java.io.IOException;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.UUID;

/** Publishes settled usage as policy-service does: sealed with the tenant's key, acknowledged by the broker. */
final class SettledEvents implements AutoCloseable {
    private static final String TOPIC = "policy.usage.events";
    private static final String TYPE = "policy.usage-settled.v1";

    private final SealedProducer producer;

    /**
     * One operation that was charged.
     *
     * @param eventId of the event that tells of it: the same one is the same event
     * @param lines how many usage lines it has, of one credit each
     */
    record Settled(UUID eventId, Account account, UUID operation, int lines) {
        static Settled of(Account account, int lines) {
            return new Settled(UUID.randomUUID(), account, UUID.randomUUID(), lines);
        }

        /** The same operation, told by another event. */
        Settled toldAgain() {
            return new Settled(UUID.randomUUID(), account, operation, lines);
        }

        /** The id of its last usage line. */
        String lastUsage() {
            return operation + "-" + (lines - 1);
        }
    }

    SettledEvents(Bed bed) {
        producer = new SealedProducer(bed, TOPIC, TYPE, "/policy-service");
    }

    /** Learns the key with which a tenant's events are sealed. */
    void learn(Bed bed, Account account) throws IOException, InterruptedException {
        producer.learn(bed, account);
    }

    /** Sends it; it is with the broker after {@link #flush}. */
    void send(Settled settled) {
        StringJoiner lines = new StringJoiner(",");
        for (int i = 0; i < settled.lines(); i++) {
            lines.add("{\"usage_id\":\"" + settled.operation() + "-" + i
                    + "\",\"meter\":\"message\",\"quantity\":1,\"credits\":1,\"estimated\":false}");
        }
        Instant now = Instant.now();
        String payload = "{\"operation_id\":\"" + settled.operation()
                + "\",\"agent\":\"concierge\",\"channel\":\"web\",\"user_id\":null,\"conversation_id\":null,\"settled_at\":\""
                + now + "\",\"credits\":" + settled.lines() + ",\"lines\":[" + lines + "]}";
        String tenant = settled.account().tenantId();
        producer.send(tenant, settled.eventId(), tenant, settled.operation().toString(), now, payload);
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
