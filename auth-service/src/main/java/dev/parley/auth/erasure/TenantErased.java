package dev.parley.auth.erasure;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** All services have erased a tenant and its certificate is signed; they look once more for what came in late. */
public record TenantErased(TenantId tenantId, UUID erasureId) implements DomainEvent {
    @Override
    public String type() {
        return "auth.tenant-erased.v1";
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
