package dev.parley.auth.me;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller.
 *
 * @param userId the person's id, {@code api-key:<id>} or {@code service-account:<id>}
 * @param email null for a key
 * @param emailVerified whether the address is proven to be the person's own; null for a key
 * @param tenantId the tenant that it acts for, or null
 * @param role owner, admin or member of that tenant, {@code api-key}, or null
 */
public record MeResponse(
        String userId,
        @Nullable String email,
        @Nullable Boolean emailVerified,
        @Nullable String name,
        @Nullable TenantId tenantId,
        String authProvider,
        @Nullable String role,
        boolean platformAdmin,
        List<MembershipResponse> memberships) {
    /** One of the caller's tenants. */
    public record MembershipResponse(TenantId tenantId, String name, String role, TenantStatus status) {}
}
