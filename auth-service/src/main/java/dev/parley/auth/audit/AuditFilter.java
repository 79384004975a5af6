package dev.parley.auth.audit;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to show; null means all.
 *
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 * @param actor who, as the trail names it
 * @param text what occurs in action, resource, reason, ticket, before or after, in upper or lower case
 */
record AuditFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String actor,
        @Nullable String action,
        @Nullable String resourceType,
        @Nullable String resourceId,
        @Nullable String text) {
    /** Shows everything. */
    static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null, null);

    /** Reads a time of a query; a 400 problem when it is none. */
    static @Nullable Instant time(String parameter, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail(parameter + " must be a time as in RFC 3339");
        }
    }
}
