package dev.parley.auth.tenant;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A business signed up and has its owner. */
public record TenantCreated(TenantId tenantId, String name, UUID ownerUserId, String ownerEmail)
        implements DomainEvent {
    @Override
    public String type() {
        return "auth.tenant-created.v1";
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
