package dev.parley.auth.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policy's answer.
 *
 * @param status the HTTP status that a denial becomes
 * @param limitsApplied every limit that was looked at
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record PolicyDecision(
        String decisionId,
        boolean allow,
        int status,
        String reasonCode,
        @Nullable String ruleId,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long held,
        @Nullable Long remaining,
        @Nullable Instant resetsAt,
        @Nullable String remedy,
        List<Limit> limitsApplied) {

    /** Refuses an answer without its limits: taken for a plan without any, it would allow everything. */
    public PolicyDecision {
        limitsApplied = List.copyOf(limitsApplied);
    }

    /** One limit, by what it counts. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    public record Limit(String meter, long limit) {}

    /** The most that there may be of something; null when the plan names no limit. */
    public @Nullable Long limitOf(String meter) {
        return limitsApplied.stream()
                .filter(applied -> applied.meter().equals(meter))
                .map(Limit::limit)
                .findFirst()
                .orElse(null);
    }

    /** The denial as the client sees it, with policy's reason, figures and remedy. */
    public Problem denial() {
        String title = status == 402 ? "A limit of your plan is reached" : "Your plan does not allow this";
        return new Problem(new ReceivedProblem(reasonCode, status, title, ProblemType.uriOf(reasonCode)))
                .detail(remedy == null ? title + "." : title + ". " + remedy)
                .with("policy", explanation());
    }

    private Map<String, Object> explanation() {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("decision_id", decisionId);
        policy.put("reason_code", reasonCode);
        policy.put("rule_id", ruleId);
        policy.put("limit", limit);
        policy.put("used", used);
        policy.put("held", held);
        policy.put("remaining", remaining);
        policy.put("resets_at", resetsAt);
        policy.put("remedy", remedy);
        return policy;
    }
}
