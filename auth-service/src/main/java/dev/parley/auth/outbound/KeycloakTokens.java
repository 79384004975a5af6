package dev.parley.auth.outbound;

import org.jspecify.annotations.Nullable;

/**
 * Tokens that Keycloak granted; never logged.
 *
 * @param expiresIn seconds that the access token lives
 * @param refreshExpiresIn seconds that the refresh token lives
 */
public record KeycloakTokens(
        String accessToken, String refreshToken, @Nullable String idToken, long expiresIn, long refreshExpiresIn) {
    @Override
    public String toString() {
        return "KeycloakTokens[expiresIn=" + expiresIn + ", refreshExpiresIn=" + refreshExpiresIn + "]";
    }
}
