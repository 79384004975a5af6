package dev.parley.policy.decision;

import dev.parley.policy.engine.Limits;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.ReasonCode;
import dev.parley.policy.engine.Reservation;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.engine.Verdict.Figures;
import dev.parley.policy.hold.HeldCredits;
import dev.parley.policy.lease.Lease;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeasedHold;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an operation that wants to run. The figures are credits, or units of the meter that the rule names;
 * they are absent when the rule has none. A client that is refused gets the HTTP status {@code status}.
 */
public record DecisionResponse(
        UUID decisionId,
        boolean allow,
        int status,
        ReasonCode reasonCode,
        String ruleId,
        long policyVersion,
        int rulesVersion,
        @Nullable HoldView hold,
        @Nullable Limits limits,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long held,
        @Nullable Long remaining,
        @Nullable Instant resetsAt,
        @Nullable String remedy,
        List<Verdict.Limit> limitsApplied) {

    /** The hold of the operation; its id, whatever it looks like, goes back with the settlement. */
    public record HoldView(String id, long credits, Instant expiresAt) {}

    static DecisionResponse of(UUID decisionId, Decided decided) {
        Verdict verdict = decided.verdict();
        Figures figures = verdict.figures();
        Reservation reservation = verdict.reservation();
        return new DecisionResponse(
                decisionId,
                verdict.allow(),
                verdict.reason().status(),
                verdict.reason(),
                verdict.ruleId(),
                decided.terms().policyVersion(),
                decided.rulesVersion(),
                null,
                reservation == null ? null : reservation.limits(reservation.want()),
                figures == null ? null : figures.limit(),
                figures == null ? null : figures.used(),
                figures == null ? null : figures.held(),
                figures == null ? null : figures.remaining(),
                verdict.resetsAt(),
                verdict.remedy(),
                verdict.limits());
    }

    /** The answer that names a hold; the standing is the one with it. */
    static DecisionResponse held(
            PolicyEngine engine, Terms terms, Reservation reservation, UUID operationId, HeldCredits held) {
        return held(
                engine,
                terms,
                reservation,
                held.decisionId(),
                new HoldView(operationId.toString(), held.credits(), held.expiresAt()),
                held.standing());
    }

    /** The answer that names a hold in a lease. */
    static DecisionResponse held(PolicyEngine engine, Terms terms, Reservation reservation, Served served) {
        LeasedHold hold = served.hold();
        Lease.Figures figures = served.figures();
        return held(
                engine,
                terms,
                reservation,
                hold.decision(),
                new HoldView(hold.token(), hold.credits(), hold.expiresAt()),
                new Standing(figures.granted(), figures.available(), figures.held(), Map.of()));
    }

    private static DecisionResponse held(
            PolicyEngine engine,
            Terms terms,
            Reservation reservation,
            UUID decision,
            HoldView hold,
            Standing standing) {
        List<Verdict.Limit> limits = engine.limits(terms, reservation, standing);
        Verdict.Limit credits = limits.getFirst();
        return new DecisionResponse(
                decision,
                true,
                ReasonCode.ALLOWED.status(),
                ReasonCode.ALLOWED,
                Verdict.ALLOWED_BY,
                terms.policyVersion(),
                engine.rules().version(),
                hold,
                reservation.limits(hold.credits()),
                credits.limit(),
                credits.used(),
                credits.held(),
                credits.remaining(),
                terms.periodEnd(),
                null,
                limits);
    }
}
