package dev.parley.billing.credit;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** What is unspent of a lot ends now; policy answers with how much that was. */
@RegisterForReflection
record CreditsClosed(TenantId tenantId, UUID lotId, String reason) implements DomainEvent {

    @Override
    public String type() {
        return "billing.credits-closed.v1";
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
        return lotId.toString();
    }
}
