package dev.parley.policy.credit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;

/** What a withdrawal came to: that many credits left the balance, from these lots. */
@RegisterForReflection
public record CreditsTaken(@JsonIgnore TenantId tenant, UUID withdrawalId, long credits, List<Part> lots)
        implements DomainEvent {

    /** What one lot gave. */
    @RegisterForReflection
    public record Part(UUID lotId, long credits) {}

    @Override
    public String type() {
        return "policy.credits-taken.v1";
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
        return withdrawalId.toString();
    }
}
