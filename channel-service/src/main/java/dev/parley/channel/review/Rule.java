package dev.parley.channel.review;

import dev.parley.platform.statistics.Rate;
import java.util.UUID;

/**
 * What becomes of the replies of an agent on a messenger.
 *
 * @param threshold the share of drafts that people must have approved unchanged
 * @param sampleSize how many of the latest reviewed drafts count
 * @param sampleOneIn on autopilot, one reply in so many is a draft all the same
 */
record Rule(String agent, String channel, Mode mode, double threshold, int sampleSize, int sampleOneIn) {
    /** 95 % on each side: what is earned holds with all but one chance in 40. */
    private static final double SURELY = 1.96;

    /** Whether the reply to that message waits for a person; on autopilot chance decides, the same way each time. */
    boolean keepsBack(UUID message) {
        return mode == Mode.REVIEW || Math.floorMod(message.getLeastSignificantBits(), (long) sampleOneIn) == 0;
    }

    /** Autopilot is earned by a rate that is all but surely good enough, which no few drafts can be. */
    boolean earnedBy(Rate unchanged) {
        return surely(unchanged) >= threshold;
    }

    /** Autopilot is lost by the rate itself: a single bad draft at the limit is no reason, a worse agent is. */
    boolean lostBy(Rate unchanged) {
        return unchanged.value() < threshold;
    }

    /** The rate is all but surely at least this. */
    static double surely(Rate unchanged) {
        return unchanged.lower(SURELY);
    }

    boolean onAutopilot() {
        return mode == Mode.AUTOPILOT;
    }

    Rule in(Mode other) {
        return new Rule(agent, channel, other, threshold, sampleSize, sampleOneIn);
    }
}
