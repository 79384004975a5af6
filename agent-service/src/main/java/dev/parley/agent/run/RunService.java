package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keeps runs: claimed by one process at a time, finished once, together with their usage event. */
@ApplicationScoped
public class RunService {
    private final Database database;
    private final RunRepository runs;
    private final RunnerLease lease;
    private final RunConfig config;
    private final Outbox outbox;

    RunService(Database database, RunRepository runs, RunnerLease lease, RunConfig config, Outbox outbox) {
        this.database = database;
        this.runs = runs;
        this.lease = lease;
        this.config = config;
        this.outbox = outbox;
    }

    /** What became of an attempt to claim a run: exactly one of the members is set, or neither while another has it. */
    record Admission(RunRepository.Claim claim, RunResult finished, String failed) {}

    /**
     * Claims the run of an operation for this process.
     *
     * @param retryFailed whether a run that failed is made again, or its failure reported
     */
    Admission admit(TenantId tenant, RunRequest request, ActivePrompt prompt, boolean retryFailed) {
        return database.inTenant(tenant, handle -> {
            if (!retryFailed) {
                Optional<RunRepository.Row> known = runs.find(handle, tenant, request.operationId());
                if (known.isPresent() && known.get().status().equals("failed")) {
                    return new Admission(null, null, known.get().problem());
                }
            }
            Optional<RunRepository.Claim> claim = runs.claim(
                    handle,
                    tenant,
                    request,
                    Ids.next(),
                    lease.id(),
                    config.abandonedAfter(),
                    prompt.number(),
                    prompt.endpoint().name(),
                    prompt.model());
            if (claim.isPresent()) {
                return new Admission(claim.get(), null, null);
            }
            return new Admission(
                    null,
                    runs.find(handle, tenant, request.operationId())
                            .filter(RunRepository.Row::finished)
                            .map(RunRepository.Row::result)
                            .orElse(null),
                    null);
        });
    }

    /** The stored result of an operation, if it is finished. */
    Optional<RunResult> finished(TenantId tenant, UUID operationId) {
        return database.inTenant(tenant, handle -> runs.find(handle, tenant, operationId))
                .filter(RunRepository.Row::finished)
                .map(RunRepository.Row::result);
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
                result.provider(),
                result.model(),
                Map.of(
                        "message", 1,
                        "llm.input_tokens", result.usage().inputTokens(),
                        "llm.output_tokens", result.usage().outputTokens()),
                result.usage().estimated());
        return database.inTenant(tenant, handle -> {
            boolean mine =
                    runs.finish(handle, tenant, request.operationId(), claim.epoch(), result, calledAt, answeredAt);
            if (mine) {
                outbox.append(handle, tenant, usage);
            }
            return mine;
        });
    }

    /** Marks a run as failed; nothing is metered. */
    void fail(TenantId tenant, UUID operationId, RunRepository.Claim claim, String problem) {
        database.useTenant(tenant, handle -> runs.fail(handle, tenant, operationId, claim.epoch(), problem));
    }

    /** What this service did for an operation, oldest first; empty when it did nothing. */
    public List<RunStep> steps(TenantId tenant, UUID operationId) {
        return database.inTenant(tenant, handle -> runs.find(handle, tenant, operationId))
                .map(RunStep::of)
                .orElse(List.of());
    }
}
