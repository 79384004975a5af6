package dev.parley.policy.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which decisions are looked for; what is null does not matter.
 *
 * @param from the first moment
 * @param to the moment behind the last
 */
record Search(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Boolean allow,
        @Nullable String reasonCode,
        @Nullable String agent,
        @Nullable String channel) {}
