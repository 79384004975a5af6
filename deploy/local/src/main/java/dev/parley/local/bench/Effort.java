package dev.parley.local.bench;

/**
 * How long to measure; the defaults give a verdict, smaller numbers only show that it works.
 *
 * @param rounds how often the sides take turns
 * @param seconds of one side in one round
 * @param warm seconds of each side before the first round
 * @param tenants the greatest number of tenants
 */
record Effort(int rounds, int seconds, int warm, int tenants) {

    /** What the system properties of the same names say. */
    static Effort fromProperties() {
        return new Effort(
                Integer.getInteger("rounds", 5),
                Integer.getInteger("seconds", 5),
                Integer.getInteger("warm", 8),
                Integer.getInteger("tenants", 100_000));
    }

    /** Whether it is too short to judge by. */
    boolean smoke() {
        return rounds < 3 || seconds < 2 || warm < 4;
    }
}
