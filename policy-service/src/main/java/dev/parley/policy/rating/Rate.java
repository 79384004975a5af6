package dev.parley.policy.rating;

/**
 * A price: so many credits per so many units of a meter, for example 3 credits per 1,000 tokens.
 *
 * @param credits zero or more, at most 1,000,000
 * @param per one or more
 */
public record Rate(long credits, long per) {
    private static final long MOST_CREDITS = 1_000_000;

    /** Throws {@link IllegalArgumentException} when a figure is out of range. */
    public Rate {
        if (credits < 0 || credits > MOST_CREDITS || per < 1) {
            throw new IllegalArgumentException("a rate needs 0 to 1000000 credits per 1 or more units");
        }
    }
}
