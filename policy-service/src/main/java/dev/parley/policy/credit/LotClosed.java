package dev.parley.policy.credit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** A lot ended with that many credits unspent, which left the balance. */
@RegisterForReflection
public record LotClosed(@JsonIgnore TenantId tenant, UUID lotId, long unspent) implements DomainEvent {
    @Override
    public String type() {
        return "policy.lot-closed.v1";
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
        return lotId.toString();
    }
}
