package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.parley.platform.http.LastAnswers;
import dev.parley.platform.http.ServiceClient;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks policy-service. Whatever it cannot answer is a denial: an unreachable policy-service is a 503 problem within 300
 * ms, never a yes. Only which agents a list shows is remembered for a short time.
 */
@ApplicationScoped
public class PolicyClient {
    private static final Logger LOG = Logger.getLogger(PolicyClient.class);

    private static final int REMEMBERED_LISTS = 10_000;

    private final ServiceClient policy;
    private final LastAnswers<Question, List<Permission>> lists;
    private final Duration patience;
    private final Duration settlementPatience;

    PolicyClient(ServiceClients clients, OutboundConfig config) {
        this.policy = clients.to("policy-service");
        this.lists = new LastAnswers<>(config.listAge(), REMEMBERED_LISTS);
        this.patience = config.answerPatience();
        this.settlementPatience = config.settlementPatience();
    }

    /** Decides, and holds credits when asked to. The same operation again gets the same hold. */
    public PolicyDecision decide(TenantId tenant, DecisionRequest request) {
        return policy.postIfAlive(tenant, "/internal/decisions", request, PolicyDecision.class, patience);
    }

    /**
     * Which of these agents the tenant may use on that channel, in the order of the question; for lists only, because it
     * may be the answer of a moment ago.
     */
    public List<Permission> permissions(TenantId tenant, List<String> agents, String channel) {
        return lists.ask(new Question(tenant, agents, channel), () -> policy.postIfAlive(
                        tenant,
                        "/internal/decisions/agents",
                        Map.of("agents", agents, "channel", channel),
                        Permissions.class,
                        patience)
                .items());
    }

    /** Turns the hold into a debit of what was used. Again: the same answer, nothing more is debited. */
    public Settlement settle(TenantId tenant, UUID operation, SettlementRequest used) {
        return policy.post(
                tenant, "/internal/holds/" + operation + "/settlement", used, Settlement.class, settlementPatience);
    }

    /**
     * Gives the hold back, named as the decision named it if that is known: nothing was delivered. Answers what had been
     * charged before.
     */
    public Released release(TenantId tenant, UUID operation, @Nullable String hold, String reason) {
        return policy.post(
                tenant,
                "/internal/holds/" + operation + "/release",
                hold == null ? Map.of("reason", reason) : Map.of("reason", reason, "hold", hold),
                Released.class,
                patience);
    }

    /** As {@link #release}, where nothing depends on it: a hold that cannot be given back now is left to expire. */
    public void giveBack(TenantId tenant, UUID operation, @Nullable String hold, String reason) {
        try {
            release(tenant, operation, hold, reason);
        } catch (Problem problem) {
            LOG.warnf(problem, "the hold of operation %s is left to expire", operation);
        }
    }

    /** What an operation had been charged for when its hold was given back, by meter. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Released(@Nullable Map<String, Long> charged) {
        /** Whether a message was charged. */
        public boolean messageCharged() {
            return charged != null && charged.getOrDefault("message", 0L) > 0;
        }
    }

    /** Whether an agent may be used. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Permission(String agent, boolean allow) {}

    record Permissions(List<Permission> items) {}

    private record Question(TenantId tenant, List<String> agents, String channel) {}
}
