package dev.parley.auth.signup;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/**
 * A new account, logged in already.
 *
 * @param expiresIn seconds that the access token lives
 */
public record SignupResponse(String accessToken, String refreshToken, long expiresIn, UUID userId, TenantId tenantId) {
    @Override
    public String toString() {
        return "SignupResponse[userId=" + userId + ", tenantId=" + tenantId + "]";
    }
}
