package dev.parley.billing.time;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads times from query parameters. */
public final class TimeParameter {
    private static final int DATE_LENGTH = 10;

    private TimeParameter() {}

    /**
     * Reads a time in RFC 3339, or a date, which means its first moment in UTC; null and an empty text are null.
     *
     * @param name the parameter, which the 422 problem names when the text is neither
     */
    public static @Nullable Instant read(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return text.length() == DATE_LENGTH
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    // A + that was not encoded arrives as a blank.
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException malformed) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/" + name, "must be a date or a time in RFC 3339"));
        }
    }
}
