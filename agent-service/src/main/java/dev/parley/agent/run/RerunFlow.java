package dev.parley.agent.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.outbound.PolicyClient;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Asks the very same once more: prompt, model, parameters and context of a past reply. It is decided, held and metered
 * like any run, goes to nobody but who asked, and has no effects: functions of the platform are not carried out.
 */
@ApplicationScoped
class RerunFlow {
    private final RunService runs;
    private final RunFlow flow;
    private final ProviderService providers;
    private final PolicyClient policy;
    private final ObjectMapper json;

    RerunFlow(RunService runs, RunFlow flow, ProviderService providers, PolicyClient policy, ObjectMapper json) {
        this.runs = runs;
        this.flow = flow;
        this.providers = providers;
        this.policy = policy;
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
        String hold = policy.hold(
                tenant,
                again,
                past.run().agent(),
                past.run().channel(),
                caller.subject(),
                TokenEstimate.of(ask),
                ask.maxTokens());
        RunRequest request = new RunRequest(
                again, null, past.run().agent(), past.run().channel(), List.of(), null, null, hold, null);
        RunPlan plan = new RunPlan(
                past.run().promptVersion(),
                past.run().promptVersionId(),
                null,
                endpoint,
                ask,
                Set.of(),
                RunPlanner.form(ask.format()),
                false,
                null);
        try {
            flow.planned(tenant, request, plan, null);
        } catch (Problem failed) {
            policy.release(tenant, again, hold, failed.type().name());
            throw failed;
        }
        runs.markRerun(tenant, again, operationId);
        return get(caller, again);
    }
}
