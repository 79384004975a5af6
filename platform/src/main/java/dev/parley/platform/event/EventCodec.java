package dev.parley.platform.event;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.eventkey.EventKey;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Puts events on the wire and takes them off it: CloudEvents 1.0, Kafka binding, binary mode. The value is sealed with
 * the tenant's event key (ADR 0011); headers are clear.
 */
@ApplicationScoped
public class EventCodec {
    /** The content type of a value that is sealed. */
    public static final String SEALED = "application/vnd.parley.sealed";

    private static final String PLAIN = "application/json";

    private final ObjectMapper mapper;
    private final String source;
    private final EventKeys keys;
    private final PlainEvents plain;

    EventCodec(
            ObjectMapper mapper,
            @ConfigProperty(name = "quarkus.application.name") String service,
            EventKeys keys,
            @ConfigProperty(name = "parley.events.plain", defaultValue = "refuse") PlainEvents plain) {
        this.mapper = mapper.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        this.source = "/" + service;
        this.keys = keys;
        this.plain = plain;
    }

    /** The Kafka record of an event, sealed with its tenant's key. */
    public ProducerRecord<String, byte[]> encode(Envelope event, EventKey key) {
        boolean sealed = plain != PlainEvents.SEND;
        byte[] payload = event.payload().getBytes(StandardCharsets.UTF_8);
        byte[] value = sealed
                ? key.seal(new TenantId(event.tenantId()), event.type(), event.id(), event.subject(), payload)
                : payload;
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(event.topic(), null, event.key(), value);
        Headers headers = message.headers();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", event.id().toString());
        put(headers, "ce_source", source);
        put(headers, "ce_subject", event.subject());
        put(headers, "ce_time", event.occurredAt().toString());
        put(headers, "ce_tenantid", event.tenantId().toString());
        put(headers, "ce_operationid", event.operationId());
        put(headers, "traceparent", event.traceparent());
        put(headers, "content-type", sealed ? SEALED : PLAIN);
        // Kafka reads headers from the last: whoever passes an event over by its type reads no other.
        put(headers, "ce_type", event.type());
        return message;
    }

    /** Whether a record says that it is of another type than these; it is looked at no closer, as most are passed over. */
    boolean isOfOtherTypes(ConsumerRecord<String, byte[]> message, Set<String> types) {
        String type = text(message.headers(), "ce_type");
        return type != null && !types.contains(type);
    }

    /**
     * Reads the headers of a Kafka record; the value stays as it is until {@link #open}. Throws
     * {@link IllegalArgumentException} when a required header is missing or malformed.
     */
    ReceivedEvent decode(ConsumerRecord<String, byte[]> message) {
        Headers headers = message.headers();
        String operation = text(headers, "ce_operationid");
        if (message.value() == null) {
            throw new IllegalArgumentException("no payload");
        }
        return new ReceivedEvent(
                UUID.fromString(required(headers, "ce_id")),
                required(headers, "ce_type"),
                TenantId.of(required(headers, "ce_tenantid")),
                required(headers, "ce_subject"),
                Instant.parse(required(headers, "ce_time")),
                message.key() == null ? "" : message.key(),
                message.value(),
                operation == null ? null : UUID.fromString(operation),
                text(headers, "traceparent"),
                mapper);
    }

    /**
     * The event with its payload; empty when its tenant is erased. Throws {@link IllegalArgumentException} when the
     * value is not what its headers say, and a 503 problem while the tenant's key cannot be had. Not for use within a
     * transaction.
     */
    Optional<ReceivedEvent> open(ConsumerRecord<String, byte[]> message, ReceivedEvent event) {
        EventKey key = keys.of(event.tenant());
        if (key.destroyed()) {
            return Optional.empty();
        }
        if (SEALED.equals(text(message.headers(), "content-type"))) {
            return Optional.of(
                    event.withData(key.open(event.tenant(), event.type(), event.id(), event.subject(), event.data())));
        }
        if (plain == PlainEvents.REFUSE) {
            throw new IllegalArgumentException("the event is not sealed");
        }
        return Optional.of(event);
    }

    private static void put(Headers headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String required(Headers headers, String name) {
        String value = text(headers, name);
        if (value == null) {
            throw new IllegalArgumentException("no header " + name);
        }
        return value;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** An event with everything that its record needs. */
    public record Envelope(
            UUID id,
            UUID tenantId,
            String topic,
            String key,
            String type,
            String subject,
            String payload,
            @Nullable UUID operationId,
            @Nullable String traceparent,
            Instant occurredAt) {}
}
