package dev.parley.channel.review;

import dev.parley.platform.statistics.Rate;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What becomes of an agent's replies on a messenger, and how good its drafts were.
 *
 * @param reviewed how many of the latest drafts people decided, at most the sample's size
 * @param unchanged how many of these they approved as they were
 * @param rate the share of these
 * @param certainRate what that share all but surely is at least: autopilot is earned when it reaches the threshold
 * @param waiting how many drafts wait
 */
public record RuleResponse(
        String agent,
        String channel,
        Mode mode,
        double threshold,
        int sampleSize,
        int sampleOneIn,
        long reviewed,
        long unchanged,
        double rate,
        double certainRate,
        boolean earned,
        long waiting) {
    static RuleResponse of(Rule rule, Rate unchanged, long waiting) {
        return new RuleResponse(
                rule.agent(),
                rule.channel(),
                rule.mode(),
                rule.threshold(),
                rule.sampleSize(),
                rule.sampleOneIn(),
                unchanged.of(),
                unchanged.times(),
                rounded(unchanged.value()),
                rounded(Rule.surely(unchanged)),
                rule.earnedBy(unchanged),
                waiting);
    }

    /** Four digits, never more than it is. */
    static double rounded(double rate) {
        return BigDecimal.valueOf(rate).setScale(4, RoundingMode.FLOOR).doubleValue();
    }
}
