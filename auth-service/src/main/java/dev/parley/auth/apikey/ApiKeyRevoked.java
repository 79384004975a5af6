package dev.parley.auth.apikey;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** An API key was revoked. */
public record ApiKeyRevoked(TenantId tenantId, UUID apiKeyId) implements DomainEvent {
    @Override
    public String type() {
        return "auth.api-key-revoked.v1";
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
        return apiKeyId.toString();
    }
}
