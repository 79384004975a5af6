package dev.parley.local.bench;

/**
 * What a figure must reach.
 *
 * @param every whether each round must reach it, where otherwise the median must
 */
record Goal(Kind kind, double limit, boolean every) {
    /** A goal that asks nothing: the figure is there to read others by. */
    static final Goal NONE = new Goal(Kind.NONE, Double.NaN, false);

    enum Kind {
        AT_MOST,
        AT_LEAST,
        NONE
    }

    static Goal atMost(double limit) {
        return new Goal(Kind.AT_MOST, limit, false);
    }

    static Goal atLeast(double limit) {
        return new Goal(Kind.AT_LEAST, limit, false);
    }

    /** A limit that no round may pass. */
    static Goal neverAbove(double limit) {
        return new Goal(Kind.AT_MOST, limit, true);
    }

    /** Whether these rounds reach it. */
    boolean reachedBy(Samples samples) {
        return every ? reachedBy(samples.min()) && reachedBy(samples.max()) : reachedBy(samples.median());
    }

    /** Whether one value would. */
    boolean reachedBy(double value) {
        return switch (kind) {
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
            case NONE -> true;
        };
    }

    String text() {
        return switch (kind) {
            case AT_MOST -> "<= " + number(limit);
            case AT_LEAST -> ">= " + number(limit);
            case NONE -> "";
        };
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        return String.format(size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f", value);
    }
}
