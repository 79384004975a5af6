package dev.parley.channel.webhookevent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.webhook.EventCatalogue;
import dev.parley.channel.webhookdelivery.Happening;
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
    private static final List<String> DRAFT_CREATED =
            List.of("draft_id", "conversation_id", "operation_id", "channel", "agent", "sampled", "expires_at", "at");
    private static final List<String> DRAFT_DECIDED = List.of(
            "draft_id",
            "conversation_id",
            "operation_id",
            "channel",
            "agent",
            "state",
            "edited",
            "sampled",
            "decided_by",
            "at");
    private static final List<String> AUTOPILOT =
            List.of("agent", "channel", "mode", "cause", "rate", "reviewed", "threshold", "changed_by", "at");
    private static final List<String> LOOPING = List.of("conversation_id", "operation_id", "channel", "agent");
    private static final List<String> GUARD_BROKEN = List.of(
            "agent",
            "watched",
            "watched_id",
            "number",
            "prompt_version_id",
            "back_to",
            "metric",
            "observed",
            "limit",
            "compared",
            "sample");
    private static final List<String> APPROVAL_REQUESTED =
            List.of("approval_id", "conversation_id", "operation_id", "channel", "agent", "tool", "expires_at", "at");
    private static final List<String> APPROVAL_DECIDED = List.of(
            "approval_id", "conversation_id", "operation_id", "channel", "agent", "tool", "state", "decided_by", "at");
    private static final List<String> CONSENT = List.of("contact_id", "by", "message_id", "at");
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
    private static final Map<String, Told> MAPPED = Map.ofEntries(
            told("channel.message-received.v1", EventCatalogue.MESSAGE_RECEIVED, MESSAGE),
            told("channel.message-sent.v1", EventCatalogue.MESSAGE_SENT, MESSAGE),
            told("channel.message-failed.v1", EventCatalogue.MESSAGE_FAILED, MESSAGE),
            told("channel.message-delivered.v1", EventCatalogue.MESSAGE_DELIVERED, MESSAGE),
            told("channel.message-read.v1", EventCatalogue.MESSAGE_READ, MESSAGE),
            told("channel.conversation-taken-over.v1", EventCatalogue.CONVERSATION_TAKEN_OVER, TAKEN_OVER),
            told("channel.conversation-handed-back.v1", EventCatalogue.CONVERSATION_HANDED_BACK, HANDED_BACK),
            told("channel.handoff-requested.v1", EventCatalogue.CONVERSATION_HANDOFF_REQUESTED, HANDOFF_REQUESTED),
            told("channel.draft-created.v1", EventCatalogue.DRAFT_CREATED, DRAFT_CREATED),
            told("channel.draft-decided.v1", EventCatalogue.DRAFT_DECIDED, DRAFT_DECIDED),
            told("channel.autopilot-changed.v1", EventCatalogue.AUTOPILOT_CHANGED, AUTOPILOT),
            told("agent.conversation-looping.v1", EventCatalogue.CONVERSATION_LOOPING, LOOPING),
            told("agent.prompt-guard-broken.v1", EventCatalogue.PROMPT_GUARD_BROKEN, GUARD_BROKEN),
            told("agent.tool-approval-requested.v1", EventCatalogue.APPROVAL_REQUESTED, APPROVAL_REQUESTED),
            told("agent.tool-approval-decided.v1", EventCatalogue.APPROVAL_DECIDED, APPROVAL_DECIDED),
            told("channel.contact-opted-out.v1", EventCatalogue.CONTACT_OPTED_OUT, CONSENT),
            told("channel.contact-opted-in.v1", EventCatalogue.CONTACT_OPTED_IN, CONSENT),
            told("billing.subscription-changed.v1", EventCatalogue.SUBSCRIPTION_CHANGED, SUBSCRIPTION),
            told(THRESHOLD, EventCatalogue.CREDITS_THRESHOLD_REACHED, CREDITS));

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

    private static Map.Entry<String, Told> told(String source, String type, List<String> members) {
        return Map.entry(source, new Told(type, members));
    }

    private record Told(String type, List<String> members) {}
}
