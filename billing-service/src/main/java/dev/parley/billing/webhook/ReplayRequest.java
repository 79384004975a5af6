package dev.parley.billing.webhook;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events to look at again: those that came in between two times, or those named.
 *
 * @param to the first moment that is no longer meant; now when nothing is said
 */
record ReplayRequest(
        @NotBlank @Size(max = 32) String provider,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable @Size(min = 1, max = 1000) List<@NotBlank @Size(max = 255) String> eventIds,
        @Nullable @Size(max = 500) String reason) {}
