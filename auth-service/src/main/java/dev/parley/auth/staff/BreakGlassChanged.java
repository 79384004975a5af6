package dev.parley.auth.staff;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A member of Parley's staff opened or ended a break-glass grant: what the gateway remembers of it is no longer true. */
public record BreakGlassChanged(TenantId tenantId, UUID userId, UUID accessId, boolean open) implements DomainEvent {
    @Override
    public String type() {
        return "auth.break-glass-changed.v1";
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
        return userId.toString();
    }
}
