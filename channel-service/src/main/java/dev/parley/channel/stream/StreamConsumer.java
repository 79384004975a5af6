package dev.parley.channel.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.answer.LiveAnswers;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.handoff.HandoffEvent;
import dev.parley.channel.push.ReadingService;
import dev.parley.channel.push.SentMessage;
import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells sockets of messages, of what agents want approved, of usage and, after each settlement, of the balance; and those
 * who write an answer to a client that a person took the conversation over.
 */
@ApplicationScoped
class StreamConsumer implements BroadcastEventConsumer {
    private static final Duration GATHERED = Duration.ofMillis(10);
    private static final String SETTLED = "policy.usage-settled.v1";
    private static final Set<String> OF_MESSAGES = Set.of(
            "channel.message-received.v1",
            "channel.message-sent.v1",
            "channel.message-failed.v1",
            "channel.message-delivered.v1",
            "channel.message-read.v1",
            "channel.conversation-taken-over.v1",
            "channel.conversation-handed-back.v1",
            "channel.draft-created.v1",
            "channel.draft-decided.v1",
            "channel.autopilot-changed.v1",
            "channel.handoff-requested.v1",
            "channel.contact-opted-out.v1",
            "channel.contact-opted-in.v1");
    private static final Set<String> TYPES = Stream.concat(
                    OF_MESSAGES.stream(),
                    Stream.of(
                            "channel.webhook-endpoint-disabled.v1",
                            "agent.tool-approval-requested.v1",
                            "agent.tool-approval-decided.v1",
                            SETTLED,
                            "policy.threshold-reached.v1"))
            .collect(Collectors.toUnmodifiableSet());

    private final Subscribers subscribers;
    private final StreamFormat format;
    private final ObjectMapper json;
    private final ReadingService readings;
    private final LiveAnswers answers;

    StreamConsumer(
            Subscribers subscribers,
            StreamFormat format,
            ObjectMapper json,
            ReadingService readings,
            LiveAnswers answers) {
        this.subscribers = subscribers;
        this.format = format;
        this.json = json;
        this.readings = readings;
        this.answers = answers;
    }

    @Override
    public String group() {
        return "channel-service.stream";
    }

    @Override
    public Set<String> topics() {
        return Set.of("channel.message.events", "channel.webhook.events", "agent.run.events", "policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return TYPES;
    }

    /** A screen that is told so much later is not told late, and what happens together costs one look. */
    @Override
    public Duration gathered() {
        return GATHERED;
    }

    @Override
    public boolean concerns(TenantId tenant, Instant happened) {
        return subscribers.any(tenant) || answers.any(tenant);
    }

    @Override
    public void handle(ReceivedEvent event) {
        tell(event);
        if (event.type().equals(HandoffEvent.Kind.TAKEN_OVER.type())) {
            answers.takenOver(event.tenant(), UUID.fromString(event.key()));
        }
    }

    private void tell(ReceivedEvent event) {
        if (OF_MESSAGES.contains(event.type())) {
            // Its row can be read by now: events are sent when nobody can overtake their transaction any more.
            subscribers.tell(event.tenant());
            if (event.type().equals(MessageEvent.Kind.SENT.type()) && readings.matters(event.tenant())) {
                readings.heard(event.tenant(), event.as(SentMessage.class), subscribers.subjects(event.tenant()));
            }
            return;
        }
        try {
            JsonNode data = json.readTree(event.data());
            subscribers.send(event.tenant(), format.text(event.type(), event.time(), data));
            if (event.type().equals(SETTLED) && data.hasNonNull("remaining")) {
                subscribers.send(event.tenant(), format.text("credits.changed", event.time(), balance(data)));
            }
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** The balance as the settlement left it, and what it took. */
    private JsonNode balance(JsonNode settled) {
        ObjectNode balance = json.createObjectNode();
        for (String member : List.of("operation_id", "credits", "granted", "remaining", "held")) {
            balance.set(member, settled.get(member));
        }
        return balance;
    }
}
