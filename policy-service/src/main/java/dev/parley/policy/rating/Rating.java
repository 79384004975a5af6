package dev.parley.policy.rating;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rates usage. Integer arithmetic only: each meter of an operation is rounded up on its own, {@code credits =
 * ceil(quantity * rate.credits / rate.per)}, and a meter without a rate costs nothing.
 */
public final class Rating {
    /** The largest quantity of one meter in one operation that can be rated. */
    public static final long MOST_UNITS = 1_000_000_000_000L;

    private Rating() {}

    /** What that quantity costs; nothing without a rate. Throws when the quantity is below 0 or above {@link #MOST_UNITS}. */
    public static long credits(@Nullable Rate rate, long quantity) {
        if (quantity < 0 || quantity > MOST_UNITS) {
            throw new IllegalArgumentException("a quantity must be between 0 and " + MOST_UNITS);
        }
        return rate == null ? 0 : Math.ceilDiv(Math.multiplyExact(quantity, rate.credits()), rate.per());
    }

    /** The largest quantity that costs no more than that budget: the inverse of {@link #credits}. */
    public static long affordable(@Nullable Rate rate, long budget) {
        if (rate == null || rate.credits() == 0) {
            return MOST_UNITS;
        }
        if (budget <= 0) {
            return 0;
        }
        // A product beyond 63 bits is more than MOST_UNITS * MOST_CREDITS, so the answer is the cap.
        boolean overflow = Math.multiplyHigh(budget, rate.per()) != 0 || budget * rate.per() < 0;
        return overflow ? MOST_UNITS : Math.min(MOST_UNITS, budget * rate.per() / rate.credits());
    }

    /** One set of prices out of two: the agent's own price of a meter where it has one, otherwise the plan's. */
    public static Map<String, Rate> preferring(Map<String, Rate> own, Map<String, Rate> common) {
        Map<String, Rate> rates = new HashMap<>(common);
        rates.putAll(own);
        return Map.copyOf(rates);
    }

    /** Rates every meter with a quantity above zero, in the order of their names. */
    public static List<RatedLine> rate(Map<String, Rate> rates, Map<String, Long> quantities) {
        List<RatedLine> lines = new ArrayList<>(quantities.size());
        new TreeMap<>(quantities).forEach((meter, quantity) -> {
            if (quantity != 0) {
                lines.add(new RatedLine(meter, quantity, credits(rates.get(meter), quantity)));
            }
        });
        return lines;
    }

    /** The sum of the lines' credits. */
    public static long total(List<RatedLine> lines) {
        long sum = 0;
        for (RatedLine line : lines) {
            sum = Math.addExact(sum, line.credits());
        }
        return sum;
    }

    /** The same lines, with credits taken off from the last line backwards until they cost exactly {@code charged}. */
    public static List<RatedLine> limitTo(List<RatedLine> lines, long charged) {
        long excess = total(lines) - charged;
        if (excess <= 0) {
            return lines;
        }
        List<RatedLine> limited = new ArrayList<>(lines);
        for (int i = limited.size() - 1; i >= 0 && excess > 0; i--) {
            RatedLine line = limited.get(i);
            long off = Math.min(excess, line.credits());
            limited.set(i, new RatedLine(line.meter(), line.quantity(), line.credits() - off));
            excess -= off;
        }
        return limited;
    }
}
