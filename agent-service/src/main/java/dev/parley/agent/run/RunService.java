package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.prompt.split.Duty;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps runs: claimed by one process at a time, finished once, together with their usage event. */
@ApplicationScoped
public class RunService {
    private final Database database;
    private final RunRepository runs;
    private final RunnerLease lease;
    private final RunConfig config;

    RunService(Database database, RunRepository runs, RunnerLease lease, RunConfig config) {
        this.database = database;
        this.runs = runs;
        this.lease = lease;
        this.config = config;
    }

    /** What became of an attempt to claim a run: exactly one of the members is set, or neither while another has it. */
    record Admission(RunRepository.Claim claim, RunResult finished, String failed) {}

    /**
     * Claims the run of an operation for this process.
     *
     * @param retryFailed whether a run that failed is made again, or its failure reported
     */
    Admission admit(TenantId tenant, RunRequest request, ActivePrompt prompt, boolean retryFailed) {
        if (!retryFailed) {
            Optional<RunRepository.Row> known = find(tenant, request.operationId());
            if (known.isPresent() && known.get().failed()) {
                return new Admission(null, null, known.get().problem());
            }
        }
        Optional<RunRepository.Claim> claim =
                runs.claim(database, tenant, request, Ids.next(), lease.id(), config.abandonedAfter(), prompt);
        return claim.isPresent()
                ? new Admission(claim.get(), null, null)
                : new Admission(null, finished(tenant, request.operationId()).orElse(null), null);
    }

    /** The stored result of an operation, if it is finished. */
    Optional<RunResult> finished(TenantId tenant, UUID operationId) {
        return find(tenant, operationId).filter(RunRepository.Row::finished).map(RunRepository.Row::result);
    }

    /** Stores the result with its usage event, in one transaction; false when the run was taken over meanwhile. */
    boolean finish(
            TenantId tenant,
            RunRequest request,
            RunRepository.Claim claim,
            RunResult result,
            Instant calledAt,
            Instant answeredAt) {
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
                Map.of(
                        "message", 1,
                        "llm.input_tokens", result.usage().inputTokens(),
                        "llm.output_tokens", result.usage().outputTokens()),
                result.usage().estimated(),
                request.hold());
        return runs.finish(database, tenant, request.operationId(), claim.epoch(), result, calledAt, answeredAt, usage);
    }

    /** Marks a run as failed; nothing is metered. */
    void fail(TenantId tenant, UUID operationId, RunRepository.Claim claim, String problem) {
        database.useTenant(tenant, handle -> runs.fail(handle, tenant, operationId, claim.epoch(), problem));
    }

    /** Which version made the reply of an operation, and what had brought it on duty; empty when there is none. */
    public Optional<Duty> duty(Handle handle, TenantId tenant, UUID operationId) {
        return runs.find(handle, tenant, operationId)
                .filter(run -> run.finished() && run.promptVersionId() != null && run.releaseId() != null)
                .map(run -> new Duty(run.releaseId(), run.promptVersionId()));
    }

    /** What this service did for an operation, oldest first; empty when it did nothing. */
    public List<RunStep> steps(TenantId tenant, UUID operationId) {
        return find(tenant, operationId).map(RunStep::of).orElse(List.of());
    }

    private Optional<RunRepository.Row> find(TenantId tenant, UUID operationId) {
        return database.inTenant(tenant, handle -> runs.find(handle, tenant, operationId));
    }
}
