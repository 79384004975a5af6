package dev.parley.agent.run;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keeps runs: claimed by one process at a time, finished once, together with their usage event. */
@ApplicationScoped
public class RunService {
    private final Database database;
    private final RunRepository runs;
    private final ClaimRepository claims;
    private final KeptRequestRepository requests;
    private final KeptRequests keptRequests;
    private final Audit audit;
    private final RunnerLease lease;

    RunService(
            Database database,
            RunRepository runs,
            ClaimRepository claims,
            KeptRequestRepository requests,
            KeptRequests keptRequests,
            Audit audit,
            RunnerLease lease) {
        this.database = database;
        this.runs = runs;
        this.claims = claims;
        this.requests = requests;
        this.keptRequests = keptRequests;
        this.audit = audit;
        this.lease = lease;
    }

    /** What became of an attempt to claim a run: exactly one of the members is set, or none while another has it. */
    record Admission(RunRepository.Claim claim, RunResult finished, String failed, boolean looping) {
        private static final Admission WAIT = new Admission(null, null, null, false);
        private static final Admission LOOPING = new Admission(null, null, null, true);

        private static Admission failed(String problem) {
            return new Admission(null, null, problem, false);
        }
    }

    /**
     * Claims the run of an operation for this process.
     *
     * @param retryFailed whether a run that failed is made again, or its failure reported
     */
    Admission admit(TenantId tenant, RunRequest request, RunPlan plan, boolean retryFailed) {
        if (!retryFailed) {
            Optional<RunRepository.Row> known = find(tenant, request.operationId());
            if (known.isPresent() && known.get().failed()) {
                return Admission.failed(known.get().problem());
            }
        }
        Optional<RunRepository.Claim> claim = claims.claim(tenant, request, Ids.next(), lease.id(), plan);
        if (claim.isPresent()) {
            return new Admission(claim.get(), null, null, false);
        }
        return find(tenant, request.operationId())
                .map(known -> known.finished() ? new Admission(null, known.result(), null, false) : Admission.WAIT)
                .orElse(Admission.LOOPING);
    }

    /** Whether there is a run of the operation, whatever became of it. */
    boolean isBegun(TenantId tenant, UUID operationId) {
        return find(tenant, operationId).isPresent();
    }

    /** The stored result of an operation, if it is finished. */
    Optional<RunResult> finished(TenantId tenant, UUID operationId) {
        return find(tenant, operationId).filter(RunRepository.Row::finished).map(RunRepository.Row::result);
    }

    /** Stores the result with its usage event, in one transaction; false when the run was taken over meanwhile. */
    boolean finish(TenantId tenant, RunRequest request, RunPlan plan, RunRepository.Claim claim, ModelCall.Made made) {
        RunResult result = made.result();
        UsageRecorded usage = new UsageRecorded(
                tenant,
                request.operationId(),
                result.runId(),
                request.conversationId(),
                request.agent(),
                request.channel(),
                result.promptVersion(),
                result.promptVersionId(),
                result.releaseId(),
                result.finishReason(),
                result.provider(),
                result.model(),
                quantities(request, result),
                result.usage().estimated(),
                request.hold(),
                result.keyOwner(),
                result.cached(),
                made.log().spent().parts());
        return runs.finish(
                database,
                tenant,
                request.operationId(),
                claim.epoch(),
                made,
                keptRequests.seal(tenant, claim.runId(), plan, made),
                usage);
    }

    /** Whether it came to a message is for the caller to say; of a rerun, which has none, this service says it. */
    private static Map<String, Integer> quantities(RunRequest request, RunResult result) {
        Map<String, Integer> used = new HashMap<>();
        used.put("llm.input_tokens", result.usage().inputTokens());
        used.put("llm.output_tokens", result.usage().outputTokens());
        if (request.conversationId() == null) {
            used.put("message", 1);
        }
        return used;
    }

    /** Marks a run as failed, with what happened in it; the tenant is charged nothing. */
    void fail(
            TenantId tenant,
            UUID operationId,
            RunRepository.Claim claim,
            String problem,
            FailureCause cause,
            RunLog log) {
        database.useTenant(tenant, handle -> runs.fail(handle, tenant, operationId, claim, problem, cause, log));
    }

    /** What this service did for an operation, oldest first; empty when it did nothing. */
    public List<RunStep> steps(TenantId tenant, UUID operationId) {
        return find(tenant, operationId).map(RunStep::of).orElse(List.of());
    }

    /** Says in the tenant's trail who makes a run again; 404 would have come before. */
    void auditRerun(Caller caller, UUID operationId, UUID again) {
        database.useTenant(
                caller.tenant(),
                handle -> audit.record(
                        handle,
                        caller,
                        caller.tenant(),
                        new AuditEntry(
                                "run.rerun",
                                "run",
                                operationId.toString(),
                                null,
                                Map.of("operation_id", again.toString()),
                                null)));
    }

    /** A run with what was asked for it; 404 when there is none. */
    KeptRun kept(TenantId tenant, UUID operationId) {
        return database.inTenant(tenant, handle -> {
            RunRepository.Row run =
                    runs.find(handle, tenant, operationId).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            return new KeptRun(
                    operationId,
                    run,
                    requests.asked(handle, tenant, operationId)
                            .map(asked -> keptRequests.open(handle, tenant, run.id(), asked)));
        });
    }

    /** A run and, as long as it is kept, what was asked for it. */
    record KeptRun(UUID operationId, RunRepository.Row run, Optional<KeptRequests.Kept> asked) {}

    private Optional<RunRepository.Row> find(TenantId tenant, UUID operationId) {
        return database.inTenant(tenant, handle -> runs.find(handle, tenant, operationId));
    }
}
