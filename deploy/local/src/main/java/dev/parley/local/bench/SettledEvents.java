package dev.parley.local.bench;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import dev.parley.local.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes settled usage as policy-service does: sealed with the tenant's key, acknowledged by the broker. */
final class SettledEvents implements AutoCloseable {
    private static final String TOPIC = "policy.usage.events";
    private static final String TYPE = "policy.usage-settled.v1";

    private final Map<String, Aead> keys = new HashMap<>();
    private final KafkaProducer<String, byte[]> producer;

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
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bed.stack().kafkaBootstrap(),
                        "acks", "all",
                        "linger.ms", "2",
                        "enable.idempotence", "true"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Learns the key with which a tenant's events are sealed. */
    void learn(Bed bed, Account account) throws IOException, InterruptedException {
        String keyset = new Api("http://127.0.0.1:" + bed.stack().ports().of(Part.AUTH_SERVICE))
                .send("GET", "/internal/event-keys/" + account.tenantId(), bed.asking(Part.AUTH_SERVICE, account), null)
                .path("keyset")
                .asText();
        try {
            AeadConfig.register();
            keys.put(
                    account.tenantId(),
                    TinkProtoKeysetFormat.parseKeyset(Base64.getDecoder().decode(keyset), InsecureSecretKeyAccess.get())
                            .getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException unusable) {
            throw new IOException(unusable);
        }
    }

    /** Sends it; it is with the broker after {@link #flush}. */
    void send(Settled settled) {
        StringJoiner lines = new StringJoiner(",");
        for (int i = 0; i < settled.lines(); i++) {
            lines.add("{\"usage_id\":\"" + settled.operation() + "-" + i
                    + "\",\"meter\":\"message\",\"quantity\":1,\"credits\":1,\"estimated\":false}");
        }
        String now = Instant.now().toString();
        String payload = "{\"operation_id\":\"" + settled.operation()
                + "\",\"agent\":\"concierge\",\"channel\":\"web\",\"user_id\":null,\"conversation_id\":null,\"settled_at\":\""
                + now + "\",\"credits\":" + settled.lines() + ",\"lines\":[" + lines + "]}";
        String tenant = settled.account().tenantId();
        String place = String.join(
                "|",
                tenant,
                TYPE,
                settled.eventId().toString(),
                settled.operation().toString());
        try {
            byte[] value = keys.get(tenant)
                    .encrypt(payload.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            ProducerRecord<String, byte[]> message = new ProducerRecord<>(TOPIC, null, tenant, value);
            put(message.headers(), "ce_specversion", "1.0");
            put(message.headers(), "ce_id", settled.eventId().toString());
            put(message.headers(), "ce_type", TYPE);
            put(message.headers(), "ce_source", "/policy-service");
            put(message.headers(), "ce_subject", settled.operation().toString());
            put(message.headers(), "ce_time", now);
            put(message.headers(), "ce_tenantid", tenant);
            put(message.headers(), "content-type", "application/vnd.parley.sealed");
            producer.send(message);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
