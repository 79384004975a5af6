package dev.parley.agent.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.parley.platform.http.LastAnswers;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks policy-service, which alone decides. */
@ApplicationScoped
public class PolicyClient {
    private static final Logger LOG = Logger.getLogger(PolicyClient.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String CHANNEL = "web";
    private static final Duration LIST_AGE = Duration.ofSeconds(30);
    private static final int REMEMBERED_LISTS = 10_000;

    private final ServiceClients clients;
    private final LastAnswers<Question, List<AgentDecision>> lists = new LastAnswers<>(LIST_AGE, REMEMBERED_LISTS);

    PolicyClient(ServiceClients clients) {
        this.clients = clients;
    }

    /**
     * Which of these agents the tenant may use on the web; one answer per slug, in any order. For lists only, because it
     * may be the answer of a moment ago.
     *
     * @throws dev.parley.platform.problem.Problem 503 when policy-service cannot be reached: nothing is decided here
     */
    public List<AgentDecision> decideAgents(TenantId tenant, List<String> slugs) {
        return lists.ask(new Question(tenant, slugs), () -> clients.to("policy-service")
                .postIfAlive(
                        tenant,
                        "/internal/decisions/agents",
                        new AgentDecisionRequest(slugs, CHANNEL),
                        AgentDecisions.class,
                        TIMEOUT)
                .items());
    }

    /**
     * Whether the tenant's plan has a feature, without holding anything.
     *
     * @throws dev.parley.platform.problem.Problem 503 when policy-service cannot be reached
     */
    public FeatureDecision decideFeature(TenantId tenant, String feature) {
        return clients.to("policy-service")
                .postIfAlive(
                        tenant,
                        "/internal/decisions",
                        Map.of("operation_id", Ids.next(), "feature", feature, "estimate", Map.of(), "hold", false),
                        FeatureDecision.class,
                        TIMEOUT);
    }

    /**
     * Decides on one run and holds what it may cost at most.
     *
     * @param maxOutputTokens null when nobody limits them
     * @throws Problem policy's refusal (402, 403, 429), or 503
     */
    public Held hold(
            TenantId tenant,
            UUID operationId,
            String agent,
            String channel,
            String userId,
            long inputTokens,
            Integer maxOutputTokens) {
        Map<String, Long> estimate = new HashMap<>(Map.of("message", 1L, "llm.input_tokens", inputTokens));
        if (maxOutputTokens != null) {
            estimate.put("llm.output_tokens", maxOutputTokens.longValue());
        }
        return hold(tenant, operationId, agent, channel, userId, estimate);
    }

    /** As {@link #hold}, for what answers no message and is asked by nobody. */
    public Held holdTokens(
            TenantId tenant, UUID operationId, String agent, String channel, long inputTokens, int maxOutputTokens) {
        return hold(
                tenant,
                operationId,
                agent,
                channel,
                null,
                Map.of("llm.input_tokens", inputTokens, "llm.output_tokens", (long) maxOutputTokens));
    }

    private Held hold(
            TenantId tenant,
            UUID operationId,
            String agent,
            String channel,
            String userId,
            Map<String, Long> estimate) {
        Decision decision = clients.to("policy-service")
                .postIfAlive(
                        tenant,
                        "/internal/decisions",
                        new DecisionRequest(operationId, agent, channel, userId, estimate, true),
                        Decision.class,
                        TIMEOUT);
        if (!decision.allow()) {
            String reason = decision.reasonCode() == null ? "DENIED" : decision.reasonCode();
            int status = decision.status() == null ? 403 : decision.status();
            throw new Problem(new ReceivedProblem(
                            reason, status, "Your plan or your credits do not allow this", ProblemType.uriOf(reason)))
                    .with("policy", decision);
        }
        return new Held(
                decision.hold() == null ? null : decision.hold().id(),
                decision.limits() == null ? null : decision.limits().maxOutputTokens());
    }

    /** Gives a hold back: nothing was made. Never fails: what is not given back runs out by itself. */
    public void release(TenantId tenant, UUID operationId, String hold, String reason) {
        try {
            clients.to("policy-service")
                    .post(
                            tenant,
                            "/internal/holds/" + operationId + "/release",
                            hold == null ? Map.of("reason", reason) : Map.of("reason", reason, "hold", hold),
                            Void.class,
                            TIMEOUT);
        } catch (Problem unreachable) {
            LOG.warn("a hold is left to expire", unreachable);
        }
    }

    @RegisterForReflection
    record DecisionRequest(
            UUID operationId, String agent, String channel, String userId, Map<String, Long> estimate, boolean hold) {}

    /** What policy says, as far as a refusal shows it. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Decision(
            String decisionId,
            boolean allow,
            Integer status,
            String reasonCode,
            String ruleId,
            Hold hold,
            Limits limits,
            Long limit,
            Long used,
            Long remaining) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Hold(String id) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Limits(Integer maxOutputTokens) {}

    /**
     * What is held for a run.
     *
     * @param id names the hold; null when nothing is held
     * @param maxOutputTokens the most that is paid for; null for no limit
     */
    public record Held(String id, Integer maxOutputTokens) {}

    private record Question(TenantId tenant, List<String> slugs) {}

    @RegisterForReflection
    record AgentDecisionRequest(List<String> agents, String channel) {}

    @RegisterForReflection
    record AgentDecisions(List<AgentDecision> items) {}

    /** One decision; {@code reasonCode} says why not, and is null where allowed. */
    @RegisterForReflection
    public record AgentDecision(String agent, boolean allow, String reasonCode) {}
}
