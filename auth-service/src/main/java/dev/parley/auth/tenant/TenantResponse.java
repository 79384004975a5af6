package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;

/** A tenant as its own members see it. */
public record TenantResponse(
        TenantId id, String name, TenantStatus status, JsonNode settings, String region, Instant createdAt) {
    static TenantResponse from(Tenant tenant) {
        return new TenantResponse(
                tenant.id(), tenant.name(), tenant.status(), tenant.settings(), tenant.region(), tenant.createdAt());
    }
}
