package dev.parley.auth.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to show; null means all.
 *
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 */
record AuditFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String actor,
        @Nullable String action) {}
