package dev.parley.channel.webhookevent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.webhook.EventCatalogue;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes what partners are told of what services tell each other: by name, so that nothing of the inside slips out. */
@ApplicationScoped
public class Payloads {
    private static final String THRESHOLD = "policy.threshold-reached.v1";
    private static final int ALL_USED = 100;
    private static final List<String> MESSAGE =
            List.of("message_id", "conversation_id", "operation_id", "channel", "agent", "direction", "at");
    private static final List<String> TAKEN_OVER = List.of("conversation_id", "epoch", "assigned_to", "until", "at");
    private static final List<String> HANDED_BACK = List.of("conversation_id", "epoch", "reason", "at");
    private static final List<String> HANDOFF_REQUESTED =
            List.of("conversation_id", "operation_id", "channel", "agent", "reason", "at");
    private static final List<String> SUBSCRIPTION = List.of(
            "version",
            "status",
            "plan",
            "plan_version",
            "current_period_start",
            "current_period_end",
            "cancel_at_period_end",
            "trial_end");
    private static final List<String> CREDITS = List.of("percent", "remaining");
    private static final Map<String, Told> MAPPED = Map.of(
            "channel.message-received.v1",
            new Told(EventCatalogue.MESSAGE_RECEIVED, MESSAGE),
            "channel.message-sent.v1",
            new Told(EventCatalogue.MESSAGE_SENT, MESSAGE),
            "channel.message-failed.v1",
            new Told(EventCatalogue.MESSAGE_FAILED, MESSAGE),
            "channel.message-delivered.v1",
            new Told(EventCatalogue.MESSAGE_DELIVERED, MESSAGE),
            "channel.message-read.v1",
            new Told(EventCatalogue.MESSAGE_READ, MESSAGE),
            "channel.conversation-taken-over.v1",
            new Told(EventCatalogue.CONVERSATION_TAKEN_OVER, TAKEN_OVER),
            "channel.conversation-handed-back.v1",
            new Told(EventCatalogue.CONVERSATION_HANDED_BACK, HANDED_BACK),
            "channel.handoff-requested.v1",
            new Told(EventCatalogue.CONVERSATION_HANDOFF_REQUESTED, HANDOFF_REQUESTED),
            "billing.subscription-changed.v1",
            new Told(EventCatalogue.SUBSCRIPTION_CHANGED, SUBSCRIPTION),
            THRESHOLD,
            new Told(EventCatalogue.CREDITS_THRESHOLD_REACHED, CREDITS));

    /** The types of events that become webhooks. */
    static final Set<String> SOURCES = MAPPED.keySet();

    private final ObjectMapper json;

    Payloads(ObjectMapper json) {
        this.json = json;
    }

    /** What is told of an event of a service; empty when nothing is. */
    Optional<Happening> of(UUID id, String type, Instant time, JsonNode data) {
        Told told = MAPPED.get(type);
        if (told == null) {
            return Optional.empty();
        }
        boolean exhausted = type.equals(THRESHOLD) && data.path("percent").asInt() >= ALL_USED;
        ObjectNode shown = json.createObjectNode();
        for (String member : told.members()) {
            if (data.hasNonNull(member)) {
                shown.set(member, data.get(member));
            }
        }
        return Optional.of(of(id, exhausted ? EventCatalogue.CREDITS_EXHAUSTED : told.type(), time, shown));
    }

    /** The text of a webhook: type, timestamp and data, as Standard Webhooks says. */
    public Happening of(UUID id, String type, Instant time, ObjectNode data) {
        ObjectNode payload = json.createObjectNode();
        payload.put("type", type);
        payload.put("timestamp", time.toString());
        payload.set("data", data);
        try {
            return new Happening(id, type, json.writeValueAsString(payload));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record Told(String type, List<String> members) {}
}
