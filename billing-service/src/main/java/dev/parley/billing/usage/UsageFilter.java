package dev.parley.billing.usage;

import dev.parley.billing.time.TimeParameter;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the usage log are asked for; null leaves a bound out.
 *
 * @param from the first moment
 * @param to the first moment that is not asked for any more
 */
record UsageFilter(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String agent,
        @Nullable String channel) {

    /** Reads query parameters: times in RFC 3339, or dates, which mean their first moment in UTC. */
    static UsageFilter of(
            @Nullable String from, @Nullable String to, @Nullable String agent, @Nullable String channel) {
        return new UsageFilter(TimeParameter.read("from", from), TimeParameter.read("to", to), agent, channel);
    }

    /** A place in the log, newest first. */
    record Position(Instant at, String usageId) {
        static @Nullable Position of(@Nullable String cursor) {
            String text = Cursor.decode(cursor);
            if (text == null) {
                return null;
            }
            try {
                int blank = text.indexOf(' ');
                return new Position(Instant.parse(text.substring(0, blank)), text.substring(blank + 1));
            } catch (DateTimeException | StringIndexOutOfBoundsException malformed) {
                throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
            }
        }
    }
}
