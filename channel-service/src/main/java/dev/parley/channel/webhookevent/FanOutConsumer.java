package dev.parley.channel.webhookevent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.channel.listener.Listeners;
import dev.parley.channel.push.NoticeService;
import dev.parley.channel.push.SentMessage;
import dev.parley.channel.webhookdelivery.Courier;
import dev.parley.channel.webhookdelivery.Happening;
import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Queues what happens for the endpoints that asked for it, and notices of answers for devices: both of one reading of the
 * events. It keeps no inbox: a delivery has the event's id in its key and a notice the message's, so what comes again is
 * told once.
 */
@ApplicationScoped
class FanOutConsumer implements FlowEventConsumer {
    /** So that what happens together is told together; nobody sees that a webhook comes so much later. */
    private static final Duration GATHERED = Duration.ofMillis(10);

    private final Listeners listeners;
    private final Payloads payloads;
    private final Courier courier;
    private final NoticeService notices;

    FanOutConsumer(Listeners listeners, Payloads payloads, Courier courier, NoticeService notices) {
        this.listeners = listeners;
        this.payloads = payloads;
        this.courier = courier;
        this.notices = notices;
    }

    @Override
    public String group() {
        return "channel-service.webhooks";
    }

    @Override
    public Set<String> topics() {
        return Set.of(
                "channel.message.events", "agent.run.events", "billing.subscription.events", "policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return Payloads.SOURCES;
    }

    @Override
    public Duration gathered() {
        return GATHERED;
    }

    @Override
    public boolean together() {
        return true;
    }

    @Override
    public boolean concerns(TenantId tenant, Instant happened) {
        return listeners.any(tenant, happened);
    }

    @Override
    public void handle(ReceivedEvent event) {
        handleAll(List.of(event));
    }

    @Override
    public void handleAll(List<ReceivedEvent> events) {
        TenantId tenant = events.getFirst().tenant();
        if (listeners.hasEndpoints(tenant)) {
            queue(tenant, events);
        }
        if (listeners.hasDevices(tenant)) {
            notices.plan(
                    tenant,
                    events.stream()
                            .filter(event -> event.type().equals(MessageEvent.Kind.SENT.type()))
                            .map(event -> event.as(SentMessage.class))
                            .toList());
        }
    }

    private void queue(TenantId tenant, List<ReceivedEvent> events) {
        List<Happening> happened = events.stream()
                .flatMap(
                        event -> payloads.of(event.id(), event.type(), event.time(), event.as(JsonNode.class)).stream())
                .toList();
        if (!happened.isEmpty()) {
            courier.tell(tenant, happened);
        }
    }
}
