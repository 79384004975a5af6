package dev.parley.auth.member;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A person left a tenant or was removed from it. */
public record MemberRemoved(TenantId tenantId, UUID userId, String role) implements DomainEvent {
    @Override
    public String type() {
        return "auth.member-removed.v1";
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
