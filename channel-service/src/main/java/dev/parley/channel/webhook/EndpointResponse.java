package dev.parley.channel.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint.
 *
 * @param failingSince since when it has taken nothing; absent while it works
 * @param secret shown once: when it was made or rotated
 * @param previousSecretUntil until when the secret before signs too; absent when there was no rotation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointResponse(
        UUID id,
        String url,
        String description,
        List<String> events,
        boolean fifo,
        int concurrency,
        String status,
        @Nullable String disabledReason,
        @Nullable Instant disabledAt,
        @Nullable Instant failingSince,
        @Nullable String secret,
        @Nullable Instant previousSecretUntil,
        Instant createdAt,
        Instant updatedAt) {}
