package dev.parley.auth.apikey;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key to make.
 *
 * @param expiresAt when it stops working; null for never
 * @param serviceAccountId for whom it acts; null for itself
 * @param rateLimit its own limit; null for none
 */
public record CreateApiKeyRequest(
        @NotBlank @Size(max = 100) String name,
        @ValidScopes Set<String> scopes,
        @Nullable @Future Instant expiresAt,
        @Nullable UUID serviceAccountId,
        @Nullable @Valid RateLimit rateLimit) {}
