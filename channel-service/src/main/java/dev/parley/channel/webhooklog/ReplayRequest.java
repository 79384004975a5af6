package dev.parley.channel.webhooklog;

import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to tell again: what happened from then on and was not taken.
 *
 * @param from the first moment
 * @param to the moment after the last; now if nothing is said
 * @param delivered whether what was taken is told again too
 */
public record ReplayRequest(
        @NotNull Instant from,
        @Nullable Instant to,
        @Nullable Boolean delivered) {}
