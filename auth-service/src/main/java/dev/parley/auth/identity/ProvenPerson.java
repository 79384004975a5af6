package dev.parley.auth.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person whose access token was verified.
 *
 * @param email in lower case, or null when the token does not tell
 * @param emailVerified whether Keycloak knows the address to be the person's own
 * @param authProvider how the person proved itself to Keycloak: {@code password} or an identity provider's alias
 * @param platformAdmin whether Keycloak gives it the realm role of Parley's own staff
 * @param sessionId Keycloak's session, or null for a token without one
 * @param expiresAt when the token ends
 */
public record ProvenPerson(
        UUID id,
        @Nullable String email,
        boolean emailVerified,
        String name,
        String authProvider,
        boolean platformAdmin,
        @Nullable String sessionId,
        Instant expiresAt) {}
