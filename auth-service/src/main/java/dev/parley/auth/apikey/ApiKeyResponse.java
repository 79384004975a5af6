package dev.parley.auth.apikey;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key of the caller's tenant, without its secret. */
public record ApiKeyResponse(
        UUID id,
        String name,
        String prefix,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        Instant createdAt,
        String createdBy) {}
