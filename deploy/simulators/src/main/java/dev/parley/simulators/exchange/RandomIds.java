package dev.parley.simulators.exchange;

import java.util.SplittableRandom;

/** Random ids that look like the vendors' own. */
public final class RandomIds {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SplittableRandom random = new SplittableRandom();

    /** The prefix and that many random letters and digits. */
    public String next(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix.length() + length).append(prefix);
        long bits = 0;
        for (int i = 0; i < length; i++) {
            if (i % 10 == 0) {
                bits = random.nextLong() & Long.MAX_VALUE;
            }
            id.append(ALPHABET.charAt((int) (bits % 62)));
            bits /= 62;
        }
        return id.toString();
    }
}
