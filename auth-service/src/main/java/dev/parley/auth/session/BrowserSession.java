package dev.parley.auth.session;

import java.time.Instant;
import java.util.UUID;

/** A browser's session with Keycloak's tokens in clear, as it is used and never stored. */
record BrowserSession(
        UUID id,
        String sessionId,
        UUID userId,
        String accessToken,
        Instant accessExpiresAt,
        String refreshToken,
        Instant expiresAt) {
    @Override
    public String toString() {
        return "BrowserSession[id=" + id + "]";
    }
}
