package dev.parley.channel.answer;

import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyClient.Released;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.channel.outbound.RunResult;
import dev.parley.channel.outbound.Settlement;
import dev.parley.channel.outbound.SettlementRequest;
import dev.parley.channel.turn.Turn;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells policy-service what became of holds: charged for what was used, or given back. */
@ApplicationScoped
class ChargeFlow {
    private static final Logger LOG = Logger.getLogger(ChargeFlow.class);

    private final PolicyClient policy;

    ChargeFlow(PolicyClient policy) {
        this.policy = policy;
    }

    /**
     * Charges a message with the tokens that it took. Null when policy-service is away: the run is delivered all the
     * same, because the agent's usage event settles it, and a client that was told 503 would have paid for nothing.
     */
    @Nullable
    Settlement message(Turn turn, PolicyDecision decision, RunResult run) {
        try {
            return settle(turn, decision, run, 1);
        } catch (Problem problem) {
            LOG.warnf(problem, "settlement of operation %s is left to the usage event", turn.operationId());
            return null;
        }
    }

    /**
     * Charges the tokens of a run that brings no message, or none that is not paid yet.
     *
     * @throws Problem 503 when policy-service is away: unless it is told, it takes the run for a message
     */
    Settlement tokens(Turn turn, PolicyDecision decision, RunResult run) {
        return settle(turn, decision, run, 0);
    }

    private Settlement settle(Turn turn, PolicyDecision decision, RunResult run, long messages) {
        Map<String, Long> used = new HashMap<>();
        used.put("message", messages);
        if (!run.isPaidByTenant()) {
            used.put("llm.input_tokens", run.usage().inputTokens());
            used.put("llm.output_tokens", run.usage().outputTokens());
        }
        return policy.settle(
                turn.tenant(),
                turn.operationId(),
                new SettlementRequest(
                        used,
                        run.usage().estimated(),
                        turn.agent(),
                        turn.channel(),
                        turn.conversationId(),
                        turn.userId(),
                        run.promptVersion(),
                        decision.holdId()));
    }

    /** Gives back what is held for a turn: nothing is delivered. */
    void release(Turn turn, @Nullable String hold, String reason) {
        policy.giveBack(turn.tenant(), turn.operationId(), hold, reason);
    }

    /**
     * Gives back what is held for operations that had begun and in whose place this turn is; whether one of them had been
     * charged for a message already, which is this one's then.
     *
     * @throws Problem 503 when policy-service is away
     */
    boolean takenOver(Turn turn, List<UUID> abandoned) {
        boolean paid = false;
        for (UUID earlier : abandoned) {
            Released released = policy.release(turn.tenant(), earlier, null, "answered by a later attempt");
            paid |= released.messageCharged();
        }
        return paid;
    }
}
