package dev.parley.auth.erasure;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A tenant is to be erased, at once and for good. Sealed for the platform: the tenant's own key ends with this. */
public record ErasureRequested(TenantId tenantId, UUID erasureId) implements DomainEvent {
    @Override
    public String type() {
        return "auth.erasure-requested.v1";
    }

    @Override
    public String topic() {
        return "auth.tenant.events";
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return tenantId.toString();
    }
}
