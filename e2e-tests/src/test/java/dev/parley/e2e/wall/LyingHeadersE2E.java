package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * An event that says it is another tenant's is put aside and has no effect. Runs after the story that checks every
 * event, because it leaves one that is wrong.
 */
@Order(125)
class LyingHeadersE2E {
    private static final String TOPIC = "policy.usage.events";

    @Test
    void anEventOfAWithTheHeaderOfBIsPutAside() {
        Customer a = Customer.signUp();
        Customer b = Customer.signUp();
        a.say(a.conversation("concierge"), "canary of an event").expect(201);
        ConsumerRecord<String, byte[]> settled = await(
                topic -> topic.equals(TOPIC),
                message -> a.tenantId().equals(header(message, "ce_tenantid"))
                        && "policy.usage-settled.v1".equals(header(message, "ce_type")));
        String id = UUID.randomUUID().toString();

        send(settled, b.tenantId(), id);

        ConsumerRecord<String, byte[]> aside = await(
                topic -> topic.startsWith(TOPIC) && topic.endsWith(".dlq"),
                message -> id.equals(header(message, "ce_id")));
        assertThat(header(aside, "ce_tenantid")).isEqualTo(b.tenantId());
        assertThat(b.api().get("/api/v1/usage").expect(200).at("items")).isEmpty();
        assertThat(b.api().get("/api/v1/credits").expect(200).at("used").asInt())
                .isZero();
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(
                        a.api().get("/api/v1/usage").expect(200).at("items"))
                .isNotEmpty());
    }

    private static void send(ConsumerRecord<String, byte[]> original, String tenant, String id) {
        try (var kafka = new KafkaProducer<>(settings(), new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> lie = new ProducerRecord<>(TOPIC, tenant, original.value());
            original.headers().forEach(lie.headers()::add);
            for (Map.Entry<String, String> header :
                    Map.of("ce_tenantid", tenant, "ce_id", id).entrySet()) {
                lie.headers().remove(header.getKey());
                lie.headers().add(header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8));
            }
            kafka.send(lie);
        }
    }

    /** Waits for a message on one of the topics, reading each from its beginning. */
    private static ConsumerRecord<String, byte[]> await(
            Predicate<String> topics, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        AtomicReference<ConsumerRecord<String, byte[]>> found = new AtomicReference<>();
        Eventually.passes(Duration.ofSeconds(30), () -> {
            try (var kafka = new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> all = new ArrayList<>();
                kafka.listTopics().forEach((topic, partitions) -> {
                    if (topics.test(topic)) {
                        partitions.forEach(partition -> all.add(new TopicPartition(topic, partition.partition())));
                    }
                });
                kafka.assign(all);
                kafka.seekToBeginning(all);
                Map<TopicPartition, Long> ends = kafka.endOffsets(all);
                while (all.stream().anyMatch(partition -> kafka.position(partition) < ends.get(partition))) {
                    kafka.poll(Duration.ofMillis(100)).forEach(message -> {
                        if (wanted.test(message)) {
                            found.set(message);
                        }
                    });
                }
            }
            assertThat(found.get()).as("the message").isNotNull();
        });
        return found.get();
    }

    private static Map<String, Object> settings() {
        return Map.of("bootstrap.servers", Stack.running().kafkaBootstrap());
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        var header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
