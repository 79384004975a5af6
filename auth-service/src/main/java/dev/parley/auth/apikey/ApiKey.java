package dev.parley.auth.apikey;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key as stored, without its hash. */
record ApiKey(
        UUID id,
        String name,
        String prefix,
        Set<String> scopes,
        @Nullable UUID serviceAccountId,
        @Nullable Integer rateLimit,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt,
        Instant createdAt,
        String createdBy) {
    /** Whether it works. */
    boolean lives(Instant now) {
        return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
    }
}
