package dev.parley.auth.context;

import dev.parley.platform.tenancy.TenantId;
import jakarta.validation.constraints.NotNull;

/**
 * A service that wants to act for a tenant.
 *
 * @param audience the service that it wants to talk to
 */
public record ServiceContextRequest(
        @NotNull String service,
        @NotNull String secret,
        @NotNull TenantId tenantId,
        @NotNull String audience) {
    @Override
    public String toString() {
        return "ServiceContextRequest[service=" + service + "]";
    }
}
