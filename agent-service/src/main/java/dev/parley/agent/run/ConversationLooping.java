package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** A conversation goes round in circles, and its runs are refused for a while; told once in a while. */
@RegisterForReflection
public record ConversationLooping(
        @JsonIgnore TenantId tenant, String conversationId, UUID operationId, String agent, String channel)
        implements DomainEvent {
    @Override
    public String type() {
        return "agent.conversation-looping.v1";
    }

    @Override
    public String topic() {
        return "agent.run.events";
    }

    @Override
    public String key() {
        return tenant + ":" + conversationId;
    }

    @Override
    public String subject() {
        return conversationId;
    }
}
