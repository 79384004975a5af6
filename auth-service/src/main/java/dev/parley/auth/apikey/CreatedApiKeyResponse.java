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
public record CreatedApiKeyResponse(
        UUID id,
        String name,
        String prefix,
        String key,
        Set<String> scopes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant expiresAt) {
    @Override
    public String toString() {
        return "CreatedApiKeyResponse[id=" + id + "]";
    }
}
