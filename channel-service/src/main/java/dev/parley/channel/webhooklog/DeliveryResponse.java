package dev.parley.channel.webhooklog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint was told, or is to be told.
 *
 * @param id what the endpoint sees as {@code webhook-id}
 * @param tries attempts since it was told or replayed
 * @param nextAttemptAt when it is tried next; absent when it is not
 * @param payload the text that is sent; only where one delivery is shown
 * @param attempts every attempt, the first one first, at most the last 40; only where one delivery is shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryResponse(
        UUID id,
        String type,
        String state,
        int tries,
        @Nullable Instant nextAttemptAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable String payload,
        @Nullable List<AttemptResponse> attempts,
        Instant createdAt,
        Instant updatedAt) {}
