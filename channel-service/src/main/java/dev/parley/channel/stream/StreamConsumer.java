package dev.parley.channel.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** Tells sockets of messages and of usage. */
@ApplicationScoped
class StreamConsumer implements BroadcastEventConsumer {
    private final Subscribers subscribers;
    private final ObjectMapper json;

    StreamConsumer(Subscribers subscribers, ObjectMapper json) {
        this.subscribers = subscribers;
        this.json = json;
    }

    @Override
    public String group() {
        return "channel-service.stream";
    }

    @Override
    public Set<String> topics() {
        return Set.of("channel.message.events", "policy.usage.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "channel.message-received.v1",
                "channel.message-sent.v1",
                "channel.message-failed.v1",
                "policy.usage-settled.v1",
                "policy.threshold-reached.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        if (!subscribers.any(event.tenant())) {
            return;
        }
        try {
            String text = json.writeValueAsString(json.createObjectNode()
                    .put("type", event.type())
                    .put("at", event.time().toString())
                    .set("data", json.readTree(event.data())));
            subscribers.send(event.tenant(), text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
