package dev.parley.agent.outbound;

import dev.parley.platform.http.LastAnswers;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks policy-service, which alone decides. */
@ApplicationScoped
public class PolicyClient {
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

    private record Question(TenantId tenant, List<String> slugs) {}

    @RegisterForReflection
    record AgentDecisionRequest(List<String> agents, String channel) {}

    @RegisterForReflection
    record AgentDecisions(List<AgentDecision> items) {}

    /** One decision; {@code reasonCode} says why not, and is null where allowed. */
    @RegisterForReflection
    public record AgentDecision(String agent, boolean allow, String reasonCode) {}
}
