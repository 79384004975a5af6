package dev.parley.auth.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An API key works no more: it was revoked, or its time is over. */
public record ApiKeyRevoked(
        TenantId tenantId,
        UUID apiKeyId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID serviceAccountId) implements DomainEvent {
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
