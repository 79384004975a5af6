package dev.parley.channel.webhook;

import dev.parley.platform.event.DomainEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/**
 * An endpoint was disabled because it takes nothing; somebody should look.
 *
 * @param url where it is, without path and query, which are often secrets
 */
@RegisterForReflection
public record EndpointDisabled(UUID endpointId, String url, String reason, Instant at) implements DomainEvent {
    static EndpointDisabled of(EndpointResponse endpoint, String reason, Instant at) {
        return new EndpointDisabled(endpoint.id(), endpoint.withoutPath().url(), reason, at);
    }

    @Override
    public String type() {
        return "channel.webhook-endpoint-disabled.v1";
    }

    @Override
    public String topic() {
        return "channel.webhook.events";
    }

    @Override
    public String key() {
        return endpointId.toString();
    }

    @Override
    public String subject() {
        return endpointId.toString();
    }
}
