package dev.parley.platform.statistics;

/**
 * How often something happened, and how sure that is: the score interval of Wilson (Probable inference, JASA 22, 1927),
 * which also holds for few cases and rates near 0 or 1. Two rates are compared by Newcombe's hybrid of their intervals
 * (Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998, method 10).
 *
 * @param times how often it happened
 * @param of in how many cases
 */
public record Rate(long times, long of) {
    /** The share of the cases in which it happened; 0 without any. */
    public double value() {
        return of == 0 ? 0 : (double) times / of;
    }

    /** The rate is at least this, as surely as z says. */
    public double lower(double z) {
        return of == 0 ? 0 : Math.max(0, centre(z) - spread(z));
    }

    /** The rate is at most this, as surely as z says. */
    public double upper(double z) {
        return of == 0 ? 1 : Math.min(1, centre(z) + spread(z));
    }

    /** This rate is higher than the other by at least this, as surely as z says. */
    public double excessOver(Rate other, double z) {
        double difference = value() - other.value();
        return difference - Math.hypot(value() - lower(z), other.upper(z) - other.value());
    }

    private double centre(double z) {
        return (value() + z * z / (2.0 * of)) / (1 + z * z / of);
    }

    private double spread(double z) {
        return z / (1 + z * z / of) * Math.sqrt(value() * (1 - value()) / of + z * z / (4.0 * of * of));
    }
}
