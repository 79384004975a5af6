package dev.parley.auth.context;

import dev.parley.platform.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A tenant context for a credential.
 *
 * @param expiresIn seconds
 * @param tenantId null for a person that belongs to no tenant
 * @param credentialId {@code api-key:<id>}, {@code session:<id>} or {@code user:<id>}, as events name it
 */
public record ExchangeResponse(
        String token, long expiresIn, @Nullable TenantId tenantId, String subject, String credentialId) {
    @Override
    public String toString() {
        return "ExchangeResponse[credentialId=" + credentialId + "]";
    }
}
