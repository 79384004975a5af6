package dev.parley.channel.webhooklog;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to tell again: what happened from then on and was not taken.
 *
 * @param from the first moment
 * @param to the moment after the last; now if nothing is said
 * @param delivered whether what was taken is told again too
 * @param cursor where an earlier answer said to go on
 */
public record ReplayRequest(
        @NotNull Instant from,
        @Nullable Instant to,
        @Nullable Boolean delivered,
        @Nullable @Size(max = 100) String cursor) {}
