package dev.parley.policy.engine;

/**
 * What happens when the credits are used up.
 *
 * @param mode how further usage is treated
 * @param cap the most credits that the balance may fall below zero; 0 when the mode is {@link Mode#BLOCK}
 */
public record Overage(Mode mode, long cap) {
    /** No usage beyond the credits. */
    public static final Overage NONE = new Overage(Mode.BLOCK, 0);

    /** Ways to treat usage beyond the credits. */
    public enum Mode {
        /** Refuse. */
        BLOCK,
        /** Allow up to the cap; billing charges it. */
        CHARGE_UP_TO_CAP,
        /** Allow up to the cap; the next credits pay it first. */
        CARRY_DEBT_TO_NEXT_CYCLE
    }

    /** Throws {@link IllegalArgumentException} when the cap is negative or stands beside {@link Mode#BLOCK}. */
    public Overage {
        if (cap < 0 || (mode == Mode.BLOCK && cap != 0)) {
            throw new IllegalArgumentException("an overage cap is 0 or more, and 0 with mode block");
        }
    }
}
