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
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes events as services do: sealed with the tenant's key, acknowledged by the broker. */
final class SealedProducer implements AutoCloseable {
    private final String topic;
    private final String type;
    private final String source;
    private final Map<String, Aead> keys = new HashMap<>();
    private final KafkaProducer<String, byte[]> producer;

    /** Of one type of event, as that service does. */
    SealedProducer(Bed bed, String topic, String type, String source) {
        this.topic = topic;
        this.type = type;
        this.source = source;
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

    /** Sends an event; it is with the broker after {@link #flush}. */
    void send(String tenant, UUID id, String key, String subject, Instant time, String payload) {
        String place = String.join("|", tenant, type, id.toString(), subject);
        try {
            byte[] value = keys.get(tenant)
                    .encrypt(payload.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, null, key, value);
            put(message.headers(), "ce_specversion", "1.0");
            put(message.headers(), "ce_id", id.toString());
            put(message.headers(), "ce_type", type);
            put(message.headers(), "ce_source", source);
            put(message.headers(), "ce_subject", subject);
            put(message.headers(), "ce_time", time.toString());
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
