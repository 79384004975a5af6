package dev.parley.policy.decision;

import dev.parley.policy.engine.Limits;
import dev.parley.policy.engine.ReasonCode;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.engine.Verdict.Figures;
import dev.parley.policy.rating.RatedLine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decision would be now. Nothing is held, charged or counted.
 *
 * @param credits what would be held; null when refused
 * @param lines what the given quantities alone would cost, meter by meter
 */
public record ExplainResponse(
        boolean allow,
        int status,
        ReasonCode reasonCode,
        String ruleId,
        String plan,
        int planVersion,
        long policyVersion,
        int rulesVersion,
        @Nullable Long credits,
        List<RatedLine> lines,
        @Nullable Limits limits,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long held,
        @Nullable Long remaining,
        @Nullable Instant resetsAt,
        @Nullable String remedy,
        List<Verdict.Limit> limitsApplied) {

    static ExplainResponse of(Terms terms, int rulesVersion, Verdict verdict, List<RatedLine> lines) {
        Figures figures = verdict.figures();
        Long credits = verdict.heldCredits();
        return new ExplainResponse(
                verdict.allow(),
                verdict.reason().status(),
                verdict.reason(),
                verdict.ruleId(),
                terms.plan(),
                terms.planVersion(),
                terms.policyVersion(),
                rulesVersion,
                credits,
                lines,
                credits == null ? null : verdict.reservation().limits(credits),
                figures == null ? null : figures.limit(),
                figures == null ? null : figures.used(),
                figures == null ? null : figures.held(),
                figures == null ? null : figures.remaining(),
                verdict.resetsAt(),
                verdict.remedy(),
                verdict.limits());
    }
}
