package dev.parley.auth.apikey;

import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key to make.
 *
 * @param expiresAt when it stops working; null for never
 */
public record CreateApiKeyRequest(
        @NotBlank @Size(max = 100) String name,
        @ValidScopes Set<String> scopes,
        @Nullable @Future Instant expiresAt) {}
