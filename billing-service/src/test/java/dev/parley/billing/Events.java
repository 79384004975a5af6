package dev.parley.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Speaks for the other services on the real broker, and reads what billing said. */
public final class Events {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KafkaProducer<String, byte[]> PRODUCER = new KafkaProducer<>(
            Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap(), "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer());

    private Events() {}

    /** One event that was published. */
    public record Published(String type, JsonNode data) {}

    /** Publishes an event, and returns its id. */
    public static UUID publish(String topic, String type, TenantId tenant, String payload) {
        UUID id = UUID.randomUUID();
        publish(topic, type, tenant, payload, id);
        return id;
    }

    /** Publishes an event with that id: the same id is the same event. */
    public static void publish(String topic, String type, TenantId tenant, String payload, UUID id) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(topic, tenant.toString(), payload.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id.toString(),
                        "ce_type", type,
                        "ce_source", "/test",
                        "ce_subject", tenant.toString(),
                        "ce_time", Instant.now().toString(),
                        "ce_tenantid", tenant.toString())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        PRODUCER.send(SealedEvents.sealed(message));
        PRODUCER.flush();
    }

    /** Everything that was published about a tenant, in order. */
    public static List<Published> of(String topic, TenantId tenant) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap(), "group.id", "test-" + UUID.randomUUID()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Published> found = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                    if (header(message, "ce_tenantid").equals(tenant.toString())) {
                        found.add(new Published(header(message, "ce_type"), JSON.readTree(SealedEvents.open(message))));
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
