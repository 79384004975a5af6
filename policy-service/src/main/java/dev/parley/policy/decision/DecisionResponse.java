package dev.parley.policy.decision;

import dev.parley.policy.engine.Limits;
import dev.parley.policy.engine.ReasonCode;
import dev.parley.policy.engine.Reservation;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.engine.Verdict.Figures;
import dev.parley.policy.hold.HeldCredits;
import dev.parley.policy.lease.Lease;
import dev.parley.policy.lease.Lease.Served;
import dev.parley.policy.lease.LeasedHold;
import java.time.Instant;
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
        @Nullable HoldView hold,
        @Nullable Limits limits,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long held,
        @Nullable Long remaining,
        @Nullable Instant resetsAt,
        @Nullable String remedy) {

    /** The hold of the operation; its id, whatever it looks like, goes back with the settlement. */
    public record HoldView(String id, long credits, Instant expiresAt) {}

    static DecisionResponse of(UUID decisionId, Terms terms, Verdict verdict) {
        Figures figures = verdict.figures();
        Reservation reservation = verdict.reservation();
        return new DecisionResponse(
                decisionId,
                verdict.allow(),
                verdict.reason().status(),
                verdict.reason(),
                verdict.ruleId(),
                terms.policyVersion(),
                null,
                reservation == null ? null : reservation.limits(reservation.want()),
                figures == null ? null : figures.limit(),
                figures == null ? null : figures.used(),
                figures == null ? null : figures.held(),
                figures == null ? null : figures.remaining(),
                verdict.resetsAt(),
                verdict.remedy());
    }

    static DecisionResponse held(
            UUID operationId, Terms terms, Verdict admitted, Reservation reservation, HeldCredits held) {
        return new DecisionResponse(
                held.decisionId(),
                true,
                admitted.reason().status(),
                admitted.reason(),
                admitted.ruleId(),
                terms.policyVersion(),
                new HoldView(operationId.toString(), held.credits(), held.expiresAt()),
                reservation.limits(held.credits()),
                held.granted() + reservation.cap(),
                held.granted() - held.available(),
                held.held(),
                Math.max(0, held.available() - held.held()),
                admitted.resetsAt(),
                null);
    }

    static DecisionResponse held(Terms terms, Verdict admitted, Reservation reservation, Served served) {
        LeasedHold hold = served.hold();
        Lease.Figures figures = served.figures();
        return new DecisionResponse(
                hold.decision(),
                true,
                admitted.reason().status(),
                admitted.reason(),
                admitted.ruleId(),
                terms.policyVersion(),
                new HoldView(hold.token(), hold.credits(), hold.expiresAt()),
                reservation.limits(hold.credits()),
                figures.granted() + reservation.cap(),
                figures.granted() - figures.available(),
                figures.held(),
                Math.max(0, figures.available() - figures.held()),
                admitted.resetsAt(),
                null);
    }
}
