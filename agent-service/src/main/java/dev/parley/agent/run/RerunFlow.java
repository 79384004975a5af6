package dev.parley.agent.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.outbound.PolicyClient;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.ProviderService;
import dev.parley.agent.tool.ToolConfig;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Asks the very same once more, of whoever answered: prompt, model, parameters and context of a past reply, with the
 * results of the functions that were called for it. It is decided, held and metered
 * like any run, goes to nobody but who asked, and has no effects: functions of the platform are not carried out.
 */
@ApplicationScoped
class RerunFlow {
    private final RunService runs;
    private final RunFlow flow;
    private final ProviderService providers;
    private final PolicyClient policy;
    private final ToolConfig toolConfig;
    private final ObjectMapper json;

    RerunFlow(
            RunService runs,
            RunFlow flow,
            ProviderService providers,
            PolicyClient policy,
            ToolConfig toolConfig,
            ObjectMapper json) {
        this.runs = runs;
        this.flow = flow;
        this.providers = providers;
        this.policy = policy;
        this.toolConfig = toolConfig;
        this.json = json;
    }

    /** A past run; 404 when there is none. */
    RunView get(Caller caller, UUID operationId) {
        return RunView.of(runs.kept(caller.tenant(), operationId), json);
    }

    /** Makes a past run again, as a new one. */
    RunView rerun(Caller caller, UUID operationId) {
        TenantId tenant = caller.tenant();
        RunService.KeptRun past = runs.kept(tenant, operationId);
        KeptRequests.Kept asked = past.asked().orElseThrow(() -> new Problem(RunProblem.RUN_NOT_KEPT));
        LlmEndpoint endpoint =
                providers.endpoint(asked.provider()).orElseThrow(() -> new Problem(RunProblem.RUN_NOT_KEPT));
        LlmRequest ask = asked.read(json);
        UUID again = Operation.id();
        runs.auditRerun(caller, operationId, again);
        PolicyClient.Held held = policy.hold(
                tenant,
                again,
                past.run().agent(),
                past.run().channel(),
                caller.subject(),
                TokenEstimate.of(ask),
                ask.maxTokens());
        RunRequest request = new RunRequest(
                again, null, past.run().agent(), past.run().channel(), List.of(), null, null, held.id(), null, null);
        try {
            flow.planned(tenant, request, plan(past, operationId, endpoint, ask, held), null);
        } catch (RuntimeException failed) {
            String why = failed instanceof Problem problem ? problem.type().name() : "INTERNAL_ERROR";
            policy.release(tenant, again, held.id(), why);
            throw failed;
        }
        return get(caller, again);
    }

    private RunPlan plan(
            RunService.KeptRun past, UUID operationId, LlmEndpoint endpoint, LlmRequest ask, PolicyClient.Held held) {
        Integer longest = RunPlanner.lowest(ask.maxTokens(), held.maxOutputTokens());
        LlmRequest payable = longest == null ? ask : ask.writing(longest);
        return new RunPlan(
                past.run().promptVersion(),
                past.run().promptVersionId(),
                null,
                endpoint.alone(),
                payable,
                Set.of(),
                Budget.of(null, payable.maxTokens(), toolConfig.maxTokens()),
                RunPlanner.form(ask.format()),
                false,
                null,
                Memory.NONE,
                operationId,
                false);
    }
}
