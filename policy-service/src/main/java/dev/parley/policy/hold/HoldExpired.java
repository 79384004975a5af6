package dev.parley.policy.hold;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** A hold was neither settled nor released in its lifetime; its credits are free again. */
@RegisterForReflection
public record HoldExpired(@JsonIgnore TenantId tenant, UUID operationId, long credits) implements DomainEvent {
    @Override
    public String type() {
        return "policy.hold-expired.v1";
    }

    @Override
    public String topic() {
        return "policy.usage.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return operationId.toString();
    }
}
