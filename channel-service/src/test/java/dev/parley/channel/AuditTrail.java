package dev.parley.channel;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.assertj.core.api.Assertions;

/** What the services told the audit trail. */
final class AuditTrail {
    private AuditTrail() {}

    /** The first entries of a tenant, once there are so many. */
    static List<String> of(TenantId tenant, int entries) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", KafkaBroker.shared().bootstrap());
        settings.put("group.id", "test-" + UUID.randomUUID());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("platform.audit.events"));
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (found.size() < entries && System.nanoTime() < until) {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> {
                    if (tenant.toString().equals(header(message))) {
                        found.add(new String(SealedEvents.open(message), StandardCharsets.UTF_8));
                    }
                });
            }
        }
        Assertions.assertThat(found).hasSizeGreaterThanOrEqualTo(entries);
        return found;
    }

    /** The actions of these entries, each with who did it. */
    static List<String> actions(List<String> entries) {
        return entries.stream()
                .map(entry -> {
                    try {
                        var read = Fakes.JSON.readTree(entry);
                        return read.path("action").asText() + " "
                                + read.path("actor").asText();
                    } catch (IOException malformed) {
                        throw new UncheckedIOException(malformed);
                    }
                })
                .toList();
    }

    private static String header(ConsumerRecord<?, ?> message) {
        var header = message.headers().lastHeader("ce_tenantid");
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
