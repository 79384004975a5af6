package dev.parley.policy.hold;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Used credits reached 80 or 100 percent of those granted; published once per grant. */
@RegisterForReflection
public record ThresholdReached(@JsonIgnore TenantId tenant, int percent, long remaining) implements DomainEvent {
    @Override
    public String type() {
        return "policy.threshold-reached.v1";
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
        return tenant.toString();
    }
}
