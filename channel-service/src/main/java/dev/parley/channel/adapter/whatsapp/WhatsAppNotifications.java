package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.adapter.vendor.VendorTime;
import dev.parley.platform.crypto.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads notifications: each carries any number of entries, changes, messages, statuses and errors, and all of them
 * count. What has no id of its own gets one from the bytes, so that a repetition is known.
 */
final class WhatsAppNotifications {
    private final ObjectMapper json;
    private final Clock clock;

    WhatsAppNotifications(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    List<InboundEvent> parse(byte[] body, @Nullable String number) {
        JsonNode notification;
        try {
            notification = json.readTree(body);
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not JSON", malformed);
        }
        if (notification == null
                || !notification.isObject()
                || !notification.path("entry").isArray()) {
            throw new IllegalArgumentException("not a notification");
        }
        Reading reading = new Reading(Sha256.hex(body).substring(0, 32), number, clock);
        for (JsonNode entry : notification.path("entry")) {
            for (JsonNode change : entry.path("changes")) {
                reading.change(change);
            }
        }
        if (reading.events.isEmpty()) {
            reading.other("empty", notification);
        }
        return reading.events;
    }

    /** One notification on the way into events. */
    private static final class Reading {
        private final String digest;
        private final @Nullable String number;
        private final Clock clock;
        private final List<InboundEvent> events = new ArrayList<>();

        Reading(String digest, @Nullable String number, Clock clock) {
            this.digest = digest;
            this.number = number;
            this.clock = clock;
        }

        void change(JsonNode change) {
            JsonNode value = change.path("value");
            String field = kind(change.path("field"));
            if (!"messages".equals(field)) {
                other(field, change);
                return;
            }
            String addressed = value.path("metadata").path("phone_number_id").asText();
            if (!addressed.equals(number)) {
                events.add(new InboundEvent.Elsewhere(next(), "of-another-number", addressed, value.toString()));
                return;
            }
            value.path("messages").forEach(message -> message(message, value.path("contacts")));
            value.path("statuses").forEach(this::status);
            value.path("errors").forEach(error -> other("error", error));
        }

        private void message(JsonNode message, JsonNode contacts) {
            String id = id(message);
            String kind = kind(message.path("type"));
            String from = message.path("from").asText("");
            String text = WhatsAppText.of(message);
            String moved = WhatsAppText.newNumber(message);
            if (id != null && !from.isEmpty() && moved != null) {
                events.add(new InboundEvent.Move(id, kind, from, moved));
                return;
            }
            if (id == null || from.isEmpty() || text == null) {
                events.add(new InboundEvent.Other(id == null ? next() : id, kind, message.toString()));
                return;
            }
            events.add(new InboundEvent.Message(
                    id,
                    kind,
                    new InboundMessage(
                            from,
                            new Sender(from, name(from, contacts), null, null, "+" + from),
                            text,
                            time(message.path("timestamp")),
                            events.size(),
                            WhatsAppText.media(message),
                            WhatsAppText.payload(message))));
        }

        private void status(JsonNode status) {
            String message = id(status);
            String kind = kind(status.path("status"));
            DeliveryStatus reached =
                    switch (kind) {
                        case "sent" -> DeliveryStatus.SENT;
                        case "delivered" -> DeliveryStatus.DELIVERED;
                        case "read", "played" -> DeliveryStatus.READ;
                        case "failed" -> DeliveryStatus.FAILED;
                        default -> null;
                    };
            if (message == null || reached == null) {
                events.add(new InboundEvent.Other(
                        message == null ? next() : message + ":" + kind, "status-" + kind, status.toString()));
                return;
            }
            boolean failed = reached == DeliveryStatus.FAILED;
            events.add(new InboundEvent.Status(
                    message + ":" + kind,
                    "status-" + kind,
                    message,
                    reached,
                    time(status.path("timestamp")),
                    failed ? errors(status.path("errors")) : null,
                    reference(status.path("biz_opaque_callback_data").asText("")),
                    failed
                            ? WhatsAppOutcomes.refusal(
                                    status.path("errors").path(0).path("code").asInt(-1))
                            : SendOutcome.Refusal.OTHER));
        }

        void other(String kind, JsonNode told) {
            events.add(new InboundEvent.Other(next(), kind, told.toString()));
        }

        private String next() {
            return digest + ":" + events.size();
        }

        private static @Nullable String id(JsonNode named) {
            String id = named.path("id").asText("");
            return id.isEmpty() || id.length() > 256 ? null : id;
        }

        private static String kind(JsonNode word) {
            String kind = word.asText("");
            return kind.isEmpty() ? "unknown" : kind.length() > 64 ? kind.substring(0, 64) : kind;
        }

        private static @Nullable String name(String from, JsonNode contacts) {
            for (JsonNode contact : contacts) {
                if (contact.path("wa_id").asText().equals(from)) {
                    return contact.path("profile").path("name").asText(null);
                }
            }
            return null;
        }

        private Instant time(JsonNode seconds) {
            return VendorTime.ofEpochSecond(seconds.asLong(0), clock);
        }

        private static String errors(JsonNode errors) {
            return errors.isEmpty()
                    ? "without a reason"
                    : StreamSupport.stream(errors.spliterator(), false)
                            .map(WhatsAppOutcomes::reason)
                            .collect(Collectors.joining("; "));
        }

        private static @Nullable UUID reference(String text) {
            try {
                return text.length() == 36 ? UUID.fromString(text) : null;
            } catch (IllegalArgumentException notOurs) {
                return null;
            }
        }
    }
}
