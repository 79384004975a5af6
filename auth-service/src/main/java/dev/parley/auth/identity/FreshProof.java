package dev.parley.auth.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person whose address was proven lately.
 *
 * @param passwordSetAt when the password was set that Keycloak had at the proof, or null without one
 */
public record FreshProof(UUID user, Instant since, @Nullable Instant passwordSetAt) {}
