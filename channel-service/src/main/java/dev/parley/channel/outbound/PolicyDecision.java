package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policy's answer.
 *
 * @param status the HTTP status that a denial becomes: 402, 403 or 429
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyDecision(
        String decisionId,
        boolean allow,
        @Nullable Integer status,
        @Nullable String reasonCode,
        @Nullable String ruleId,
        @Nullable Hold hold,
        @Nullable RunLimits limits,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long held,
        @Nullable Long remaining,
        @Nullable Instant resetsAt,
        @Nullable JsonNode remedy) {

    /** What is held; its id is policy's own and goes back to it as it came. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Hold(String id) {}

    /** The id of the hold, if there is one. */
    public @Nullable String holdId() {
        return hold == null ? null : hold.id();
    }

    /** Whether the denial is about what the plan contains, not about what is used up. */
    public boolean forbids() {
        return !allow && (status == null || status == 403);
    }

    /** The denial as the client sees it, with policy's reason, figures and remedy. */
    public Problem denial(Instant now) {
        int code = status == null ? 403 : status;
        String reason = reasonCode == null ? "DENIED" : reasonCode;
        Problem problem = new Problem(new ReceivedProblem(reason, code, title(code), ProblemType.uriOf(reason)))
                .detail(detail(code))
                .with("policy", explanation());
        if (code == 429) {
            long seconds =
                    resetsAt == null ? 1 : Duration.between(now, resetsAt).toSeconds() + 1;
            problem.header("Retry-After", Long.toString(Math.max(1, seconds)));
        }
        return problem;
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

    private static String title(int status) {
        return switch (status) {
            case 402 -> "The credits or the quota are used up";
            case 429 -> "Too many requests";
            default -> "Your plan does not allow this";
        };
    }

    private String detail(int status) {
        String hint = remedy != null && remedy.isTextual() ? " " + remedy.asText() : "";
        return title(status) + "." + hint;
    }
}
