package dev.parley.policy.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision of the log as people see it.
 *
 * @param credits what was held
 * @param limitsApplied where the limits stood before it; in a list and where nobody looked they are left out
 * @param remedy what a denial told to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoggedDecision(
        UUID decisionId,
        UUID operationId,
        Instant at,
        @Nullable String agent,
        @Nullable String channel,
        @Nullable String feature,
        @Nullable String userId,
        @Nullable String conversationId,
        Map<String, Long> estimate,
        boolean allow,
        String reasonCode,
        String ruleId,
        long policyVersion,
        int rulesVersion,
        long credits,
        @Nullable String remedy,
        @Nullable String plan,
        @Nullable Integer planVersion,
        @Nullable List<Verdict.Limit> limitsApplied) {

    static LoggedDecision of(RecordedDecision decision) {
        return of(decision, null, null);
    }

    static LoggedDecision of(RecordedDecision decision, @Nullable Terms terms, @Nullable List<Verdict.Limit> limits) {
        return new LoggedDecision(
                decision.id(),
                decision.operationId(),
                decision.at(),
                decision.agent(),
                decision.channel(),
                decision.feature(),
                decision.userId(),
                decision.conversationId(),
                decision.estimate(),
                decision.allow(),
                decision.reasonCode(),
                decision.ruleId(),
                decision.policyVersion(),
                decision.rulesVersion(),
                decision.credits(),
                decision.remedy(),
                terms == null ? null : terms.plan(),
                terms == null ? null : terms.planVersion(),
                limits);
    }
}
