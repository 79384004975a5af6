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
        @Nullable UUID serviceAccountId,
        @Nullable RateLimit rateLimit,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        Instant createdAt,
        String createdBy) {
    static ApiKeyResponse from(ApiKey key) {
        return new ApiKeyResponse(
                key.id(),
                key.name(),
                key.prefix(),
                key.scopes(),
                key.serviceAccountId(),
                key.rateLimit() == null ? null : new RateLimit(key.rateLimit()),
                key.expiresAt(),
                key.lastUsedAt(),
                key.createdAt(),
                key.createdBy());
    }
}
