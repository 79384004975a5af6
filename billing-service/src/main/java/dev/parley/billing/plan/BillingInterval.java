package dev.parley.billing.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How often a plan is paid and its credits are granted. */
public enum BillingInterval {
    /** A calendar month. */
    MONTH(1),
    /** A calendar year. */
    YEAR(12);

    private final int months;

    BillingInterval(int months) {
        this.months = months;
    }

    /** The number of months in one interval. */
    public int months() {
        return months;
    }

    /** The end of the interval that starts at that time, in UTC; the 31st ends on the last day of a shorter month. */
    public Instant after(Instant start) {
        return start.atZone(ZoneOffset.UTC).plusMonths(months).toInstant();
    }

    /** The name on the wire and in the database. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<BillingInterval> find(String wire) {
        return Arrays.stream(values())
                .filter(interval -> interval.wire().equals(wire))
                .findFirst();
    }
}
