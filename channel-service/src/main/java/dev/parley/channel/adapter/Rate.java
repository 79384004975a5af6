package dev.parley.channel.adapter;

import java.time.Duration;

/**
 * How many messages may go, in the long run one in each such time and some at once after a rest: within any time there
 * are never more than the burst and what that time lets through.
 *
 * @param every the time that each message takes of the allowance
 * @param burst how many may go at once when none went for long, 1 or more
 */
public record Rate(Duration every, int burst) {
    /** Refuses what lets nothing through, or everything. */
    public Rate {
        if (!every.isPositive() || burst < 1) {
            throw new IllegalArgumentException("a rate is one message in some time, and a burst of one or more");
        }
    }

    /** How far ahead of its time a message may go. */
    public Duration slack() {
        return every.multipliedBy(burst - 1L);
    }
}
