package dev.parley.channel;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what this service published. */
final class Events {
    private static final String TOPIC = "channel.message.events";

    private Events() {}

    /** A tenant's events whose type begins so, oldest first: type and payload, read until there are that many. */
    static List<String> of(TenantId tenant, String type, int wanted) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", KafkaBroker.shared().bootstrap());
        settings.put("group.id", "test-" + UUID.randomUUID());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (found.size() < wanted && System.nanoTime() < until) {
                consumer.poll(Duration.ofMillis(200)).forEach(event -> {
                    if (header(event, "ce_tenantid").equals(tenant.toString())
                            && header(event, "ce_type").startsWith(type)) {
                        found.add(header(event, "ce_type") + " "
                                + new String(SealedEvents.open(event), StandardCharsets.UTF_8));
                    }
                });
            }
        }
        return found;
    }

    private static String header(ConsumerRecord<?, ?> event, String name) {
        var header = event.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
