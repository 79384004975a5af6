package dev.parley.auth.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A tenant as Parley's staff sees it: no settings, which are the tenant's own business. */
public record AdminTenantResponse(
        TenantId id,
        String name,
        TenantStatus status,
        String region,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant suspendedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String suspensionReason) {
    static AdminTenantResponse from(Tenant tenant) {
        return new AdminTenantResponse(
                tenant.id(),
                tenant.name(),
                tenant.status(),
                tenant.region(),
                tenant.createdAt(),
                tenant.suspendedAt(),
                tenant.suspensionReason());
    }
}
