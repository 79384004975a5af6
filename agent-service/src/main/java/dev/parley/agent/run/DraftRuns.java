package dev.parley.agent.run;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.agent.outbound.PolicyClient;
import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Asks a version that need not be on duty, just as a run would: with its context put together, its functions offered and
 * its provider's fallbacks. Functions have no effects, a tenant's own are not called, and no figures are counted.
 */
@ApplicationScoped
public class DraftRuns {
    private static final String CHANNEL = "web";

    private final RunPlanner planner;
    private final ModelCall model;
    private final RunFlow flow;
    private final PolicyClient policy;

    DraftRuns(RunPlanner planner, ModelCall model, RunFlow flow, PolicyClient policy) {
        this.planner = planner;
        this.model = model;
        this.flow = flow;
        this.policy = policy;
    }

    /** What somebody says in a conversation: {@code user} or {@code assistant}. */
    public record Said(String role, String text) {}

    /** A reply, by whom it was made and what it took. */
    public record Answer(
            String text,
            String finishReason,
            String provider,
            String model,
            int inputTokens,
            int outputTokens,
            boolean estimated) {
        private static Answer of(RunResult result) {
            return new Answer(
                    result.text(),
                    result.finishReason(),
                    result.provider(),
                    result.model(),
                    result.usage().inputTokens(),
                    result.usage().outputTokens(),
                    result.usage().estimated());
        }
    }

    /**
     * Asks for the platform: nothing is stored, and nobody is charged.
     *
     * @param tools the platform's functions that the version may call
     * @throws Problem 422 or 502 or 504, as a run
     */
    public Answer rehearse(ActivePrompt prompt, List<Said> conversation, Collection<String> tools) {
        RunRequest request = request(prompt, Ids.next(), conversation, null);
        RunPlan plan = planner.plan(TenantId.PLATFORM, prompt, request, tools);
        try {
            return Answer.of(model.make(TenantId.PLATFORM, Ids.next(), request, plan, null, new RunLog())
                    .result());
        } catch (LlmFailure failure) {
            throw RunFlow.problem(failure);
        }
    }

    /**
     * Asks for a tenant: decided, held, stored and metered like any run of its own, and offered the functions that its
     * configuration names; whoever calls one of the tenant's own is told that this is a trial.
     *
     * @throws Problem policy's refusal, or as a run
     */
    public Answer run(Caller caller, ActivePrompt prompt, List<Said> conversation) {
        TenantId tenant = caller.tenant();
        UUID operation = Ids.next();
        Operation.enter(operation);
        Operation.tenant(tenant);
        try {
            List<String> tools = prompt.configuration().tools();
            RunRequest unpaid = request(prompt, operation, conversation, null);
            RunPlan plan = planner.plan(tenant, prompt, unpaid, tools == null ? List.of() : tools)
                    .tried();
            String hold = policy.hold(
                            tenant,
                            operation,
                            prompt.agent(),
                            CHANNEL,
                            caller.subject(),
                            TokenEstimate.of(plan.ask()),
                            plan.ask().maxTokens())
                    .id();
            try {
                return Answer.of(flow.planned(tenant, request(prompt, operation, conversation, hold), plan, null));
            } catch (Problem failed) {
                policy.release(tenant, operation, hold, failed.type().name());
                throw failed;
            }
        } finally {
            Operation.leave();
        }
    }

    private static RunRequest request(ActivePrompt prompt, UUID operation, List<Said> conversation, String hold) {
        return new RunRequest(
                operation,
                null,
                prompt.agent(),
                CHANNEL,
                conversation.stream()
                        .map(said -> new RunRequest.RunMessage(said.role(), TextNode.valueOf(said.text()), null, null))
                        .toList(),
                null,
                null,
                hold,
                null,
                null);
    }
}
