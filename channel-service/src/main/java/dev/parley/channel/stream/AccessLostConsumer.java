package dev.parley.channel.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Closes sockets of those who may no longer listen: a socket outlives the token that opened it. */
@ApplicationScoped
class AccessLostConsumer implements BroadcastEventConsumer {
    private final Subscribers subscribers;

    AccessLostConsumer(Subscribers subscribers) {
        this.subscribers = subscribers;
    }

    @Override
    public String group() {
        return "channel-service.access";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "auth.tenant-suspended.v1",
                "auth.tenant-deleted.v1",
                "auth.erasure-requested.v1",
                "auth.member-removed.v1",
                "auth.api-key-revoked.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        switch (event.type()) {
            case "auth.member-removed.v1" ->
                subscribers.close(event.tenant(), subject -> subject.equals(event.subject()));
            case "auth.api-key-revoked.v1" -> {
                String key = "api-key:" + event.subject();
                // A service account's sockets do not say which of its keys opened them: all of them begin anew.
                String account = "service-account:"
                        + event.as(JsonNode.class).path("service_account_id").asText();
                subscribers.close(event.tenant(), subject -> subject.equals(key) || subject.equals(account));
            }
            case "auth.erasure-requested.v1" -> subscribers.close(event.tenantTold(), subject -> true);
            default -> subscribers.close(event.tenant(), subject -> true);
        }
    }
}
