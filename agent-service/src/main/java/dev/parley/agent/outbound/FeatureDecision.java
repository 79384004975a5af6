package dev.parley.agent.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a tenant's plan has a feature. */
@RegisterForReflection
public record FeatureDecision(
        String decisionId, boolean allow, Integer status, String reasonCode, String ruleId, JsonNode remedy) {
    private static final int FORBIDDEN = 403;
    private static final String TITLE = "Your plan does not allow this";

    /** The denial as the caller sees it, with policy's reason and remedy. */
    public Problem denial() {
        int code = status == null ? FORBIDDEN : status;
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("decision_id", decisionId);
        policy.put("reason_code", reasonCode);
        policy.put("rule_id", ruleId);
        policy.put("remedy", remedy);
        String hint = remedy != null && remedy.isTextual() ? " " + remedy.asText() : "";
        return new Problem(new ReceivedProblem(reasonCode, code, TITLE, ProblemType.uriOf(reasonCode)))
                .detail(TITLE + "." + hint)
                .with("policy", policy);
    }
}
