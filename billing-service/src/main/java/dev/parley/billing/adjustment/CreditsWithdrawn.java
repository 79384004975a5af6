package dev.parley.billing.adjustment;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** Up to that many unspent credits are taken back; policy answers with how many there were, and from which lots. */
@RegisterForReflection
record CreditsWithdrawn(TenantId tenantId, UUID withdrawalId, long credits, String reason) implements DomainEvent {

    @Override
    public String type() {
        return "billing.credits-withdrawn.v1";
    }

    @Override
    public String topic() {
        return "billing.subscription.events";
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return withdrawalId.toString();
    }
}
