package dev.parley.channel.webhookevent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.event.FlowEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Queues what happens for the endpoints that asked for it. It keeps no inbox: a delivery has the event's id in its key,
 * so an event that comes again is told once.
 */
@ApplicationScoped
class FanOutConsumer implements FlowEventConsumer {
    private final Listeners listeners;
    private final Payloads payloads;
    private final FanOut fanOut;

    FanOutConsumer(Listeners listeners, Payloads payloads, FanOut fanOut) {
        this.listeners = listeners;
        this.payloads = payloads;
        this.fanOut = fanOut;
    }

    @Override
    public String group() {
        return "channel-service.webhooks";
    }

    @Override
    public Set<String> topics() {
        return Set.of("channel.message.events", "billing.subscription.events", "policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return Payloads.SOURCES;
    }

    @Override
    public void handle(ReceivedEvent event) {
        if (listeners.any(event.tenant(), event.time())) {
            payloads.of(event.id(), event.type(), event.time(), event.as(JsonNode.class))
                    .ifPresent(happening -> fanOut.tell(event.tenant(), happening));
        }
    }
}
