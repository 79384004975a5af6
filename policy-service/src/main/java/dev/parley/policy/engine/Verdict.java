package dev.parley.policy.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's answer.
 *
 * @param ruleId the rule that decided
 * @param figures the limit in question and where it stands; null when the reason has none
 * @param limits every limit that was looked at, credits first; none when the rule that decided needs no figures
 * @param resetsAt when the limit starts again, if it does
 * @param remedy what the tenant can do about a denial; null when allowed
 * @param reservation what must be held; null when denied
 */
public record Verdict(
        ReasonCode reason,
        String ruleId,
        @Nullable Figures figures,
        List<Limit> limits,
        @Nullable Instant resetsAt,
        @Nullable String remedy,
        @Nullable Reservation reservation) {

    /** The rule that is named when nothing objects. */
    public static final String ALLOWED_BY = "credits.balance";

    /** A limit and where it stands, in credits or in units of the meter that the rule names. */
    public record Figures(long limit, long used, long held, long remaining) {
        Limit of(String meter, @Nullable Instant resetsAt) {
            return new Limit(meter, limit, used, held, remaining, resetsAt);
        }
    }

    /**
     * A limit that applies, in credits or in units of a quota.
     *
     * @param meter {@code credits}, or the quota's name
     * @param resetsAt when it starts again; null for a stock, which does not
     */
    public record Limit(
            String meter,
            long limit,
            long used,
            long held,
            long remaining,
            @Nullable Instant resetsAt) {}

    /** Whether the operation may run. */
    public boolean allow() {
        return reason == ReasonCode.ALLOWED;
    }

    /** The credits that would be held now: the worst case, or what is left of the balance; null when denied. */
    public @Nullable Long heldCredits() {
        if (reservation == null || figures == null) {
            return null;
        }
        long left = figures.limit() - figures.used() - figures.held();
        return Math.max(0, Math.min(reservation.want(), left));
    }

    static Verdict denied(ReasonCode reason, String ruleId, String remedy) {
        return new Verdict(reason, ruleId, null, List.of(), null, remedy, null);
    }

    static Verdict exceeded(
            ReasonCode reason,
            String ruleId,
            Figures figures,
            List<Limit> limits,
            @Nullable Instant resetsAt,
            String remedy) {
        return new Verdict(reason, ruleId, figures, limits, resetsAt, remedy, null);
    }

    static Verdict allowed(Terms terms, @Nullable Figures figures, List<Limit> limits, Reservation reservation) {
        return new Verdict(ReasonCode.ALLOWED, ALLOWED_BY, figures, limits, terms.periodEnd(), null, reservation);
    }
}
