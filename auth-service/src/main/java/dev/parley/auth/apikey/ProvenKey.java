package dev.parley.auth.apikey;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key whose secret was shown and which is neither revoked nor expired.
 *
 * @param rateLimit requests per minute, or null
 */
public record ProvenKey(
        TenantId tenant,
        TenantStatus tenantStatus,
        UUID id,
        @Nullable UUID serviceAccountId,
        Set<String> scopes,
        @Nullable Integer rateLimit,
        @Nullable Instant expiresAt) {
    /** Who acts with it: its service account, or the key itself. */
    public String subject() {
        return serviceAccountId == null ? "api-key:" + id : "service-account:" + serviceAccountId;
    }
}
