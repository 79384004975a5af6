package dev.parley.auth.outbound;

import java.time.Instant;
import java.util.UUID;

/** A user as Keycloak knows it. */
public record KeycloakUser(UUID id, String email, boolean emailVerified, Instant createdAt) {}
