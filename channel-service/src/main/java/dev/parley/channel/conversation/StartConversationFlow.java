package dev.parley.channel.conversation;

import dev.parley.channel.outbound.AgentCatalogue;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;

/** Opens a conversation with an agent that exists and that the plan contains. */
@ApplicationScoped
class StartConversationFlow {
    private final AgentCatalogue agents;
    private final PolicyClient policy;
    private final ConversationService conversations;
    private final Clock clock;

    StartConversationFlow(AgentCatalogue agents, PolicyClient policy, ConversationService conversations, Clock clock) {
        this.agents = agents;
        this.policy = policy;
        this.conversations = conversations;
        this.clock = clock;
    }

    /** Credits are not asked for here: they are needed to send a message, not to look at an empty conversation. */
    ConversationResponse start(Caller caller, StartConversationRequest request) {
        if (agents.find(caller.tenant(), request.agent()).isEmpty()) {
            throw new Problem(ConversationProblem.AGENT_UNKNOWN)
                    .detail("There is no agent " + request.agent() + ".")
                    .with("errors", ProblemCompletion.error("/agent", "is not an agent"));
        }
        PolicyDecision decision = policy.decide(
                caller.tenant(),
                new DecisionRequest(Operation.id(), request.agent(), "web", caller.subject(), null, Map.of(), false));
        if (decision.forbids()) {
            throw decision.denial(clock.instant());
        }
        return conversations.open(caller, request.agent());
    }
}
