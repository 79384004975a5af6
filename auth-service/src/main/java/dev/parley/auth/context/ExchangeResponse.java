package dev.parley.auth.context;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A tenant context for a credential.
 *
 * @param expiresIn seconds
 * @param tenantId null for a person that belongs to no tenant
 * @param credentialId {@code api-key:<id>}, {@code session:<id>} or {@code user:<id>}, as events name it
 * @param rateLimit requests per minute that the credential may make, where it has a limit of its own
 */
public record ExchangeResponse(
        String token,
        long expiresIn,
        @Nullable TenantId tenantId,
        String subject,
        String credentialId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer rateLimit) {
    @Override
    public String toString() {
        return "ExchangeResponse[credentialId=" + credentialId + "]";
    }
}
