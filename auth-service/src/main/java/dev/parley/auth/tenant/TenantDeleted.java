package dev.parley.auth.tenant;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;

/** A tenant was deleted by an owner: it is refused everywhere, and erased unless it is restored in time. */
public record TenantDeleted(TenantId tenantId, Instant restorableUntil) implements DomainEvent {
    @Override
    public String type() {
        return "auth.tenant-deleted.v1";
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
