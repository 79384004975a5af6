package dev.parley.billing.outbound;

import dev.parley.platform.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What policy says of a change that staff want to make.
 *
 * @param approvalRequired whether a second admin must agree first
 */
@RegisterForReflection
public record AdministrativeDecision(
        UUID decisionId,
        boolean allow,
        boolean approvalRequired,
        String reasonCode,
        String ruleId,
        @Nullable String remedy) {

    /** A 403 problem with what policy said, unless it allows the change. */
    public void requireAllowed() {
        if (!allow) {
            throw new Problem(AdministrativeProblem.ADMINISTRATIVE_ACTION_DENIED)
                    .detail(remedy)
                    .with("policy", said());
        }
    }

    private Map<String, Object> said() {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("decision_id", decisionId);
        said.put("reason_code", reasonCode);
        said.put("rule_id", ruleId);
        if (remedy != null) {
            said.put("remedy", remedy);
        }
        return said;
    }
}
