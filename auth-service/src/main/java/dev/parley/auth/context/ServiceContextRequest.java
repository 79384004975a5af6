package dev.parley.auth.context;

import dev.parley.platform.tenancy.TenantId;
import jakarta.validation.constraints.NotNull;

/** A service that wants to act for a tenant. */
public record ServiceContextRequest(
        @NotNull String service,
        @NotNull String secret,
        @NotNull TenantId tenantId) {
    @Override
    public String toString() {
        return "ServiceContextRequest[service=" + service + "]";
    }
}
