package dev.parley.auth.tenant;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;

/** A tenant was suspended: it is refused everywhere until it is restored. */
public record TenantSuspended(TenantId tenantId, String reason) implements DomainEvent {
    @Override
    public String type() {
        return "auth.tenant-suspended.v1";
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
