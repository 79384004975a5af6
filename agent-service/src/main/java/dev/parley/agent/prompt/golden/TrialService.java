package dev.parley.agent.prompt.golden;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps trials: begun once per version at a time, ended once, then of record. */
@ApplicationScoped
public class TrialService {
    private final Database database;
    private final GoldenRepository golden;
    private final TrialRepository trials;
    private final GoldenService conversations;
    private final Audit audit;

    TrialService(
            Database database,
            GoldenRepository golden,
            TrialRepository trials,
            GoldenService conversations,
            Audit audit) {
        this.database = database;
        this.golden = golden;
        this.trials = trials;
        this.conversations = conversations;
        this.audit = audit;
    }

    /** A trial that has begun, and what to ask in it. */
    public record Begun(Trial trial, List<GoldenConversation> conversations) {}

    /**
     * Begins a trial of a version on the golden conversations as they are now; 409 when there are none, or the version
     * is being tried already.
     *
     * @param deadline after this time the trial counts as given up
     */
    public Begun begin(Caller caller, TenantId owner, UUID agentId, int number, String contentHash, Duration deadline) {
        return database.inTenant(owner, handle -> {
            conversations.lock(handle, owner, agentId);
            GoldenRepository.Fingerprint now = golden.fingerprint(handle, owner, agentId);
            if (now.count() == 0) {
                throw new Problem(GoldenProblem.NOTHING_TO_TRY);
            }
            trials.abandonLate(handle, owner, agentId, number);
            UUID id = Ids.next();
            if (!trials.insert(handle, owner, agentId, id, number, contentHash, now.hash(), deadline, caller.actor())) {
                throw new Problem(GoldenProblem.TRIAL_RUNNING).header("Retry-After", "5");
            }
            return new Begun(latest(handle, owner, agentId, number), golden.list(handle, owner, agentId));
        });
    }

    /** Stores what a trial came to, unless it was given up meanwhile. */
    public void finish(Caller caller, TenantId owner, Trial trial, Trial.Result result) {
        database.useTenant(owner, handle -> {
            if (trials.finish(handle, owner, trial.agentId(), trial.id(), result)) {
                audit.record(
                        handle,
                        caller,
                        owner,
                        new AuditEntry(
                                "prompt-version.trial",
                                "prompt-version",
                                trial.agentId() + "/" + trial.number(),
                                null,
                                Map.of(
                                        "trial_id", trial.id(),
                                        "passed", result.passed(),
                                        "content_hash", trial.contentHash(),
                                        "golden_hash", trial.goldenHash()),
                                null));
            }
        });
    }

    /** The latest trial of a version; 404 when it was never tried. */
    public Trial latest(TenantId owner, UUID agentId, int number) {
        return database.inTenant(owner, handle -> latest(handle, owner, agentId, number));
    }

    private Trial latest(Handle handle, TenantId owner, UUID agentId, int number) {
        return trials.latest(handle, owner, agentId, number)
                .orElseThrow(() -> new Problem(GoldenProblem.TRIAL_NOT_FOUND));
    }
}
