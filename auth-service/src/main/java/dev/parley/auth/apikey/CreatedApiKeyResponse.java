package dev.parley.auth.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key that was just made.
 *
 * @param key the secret itself; shown only here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreatedApiKeyResponse(
        UUID id,
        String name,
        String prefix,
        String key,
        Set<String> scopes,
        @Nullable UUID serviceAccountId,
        @Nullable RateLimit rateLimit,
        @Nullable Instant expiresAt) {
    static CreatedApiKeyResponse from(ApiKey key, ApiKeyText text) {
        return new CreatedApiKeyResponse(
                key.id(),
                key.name(),
                key.prefix(),
                text.secret().value(),
                key.scopes(),
                key.serviceAccountId(),
                key.rateLimit() == null ? null : new RateLimit(key.rateLimit()),
                key.expiresAt());
    }

    @Override
    public String toString() {
        return "CreatedApiKeyResponse[id=" + id + "]";
    }
}
