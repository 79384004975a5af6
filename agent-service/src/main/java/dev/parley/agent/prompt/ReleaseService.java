package dev.parley.agent.prompt;

import dev.parley.agent.prompt.golden.GoldenService;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
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
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Brings prompt versions on duty and takes them off, of the platform and of tenants; each change is audited for its owner
 * and takes effect at once here, within seconds elsewhere.
 */
@ApplicationScoped
public class ReleaseService {
    private final Database database;
    private final PromptRepository repository;
    private final PromptService prompts;
    private final PromptSelection selection;
    private final GoldenService golden;
    private final Experiments experiments;
    private final Audit audit;

    ReleaseService(
            Database database,
            PromptRepository repository,
            PromptService prompts,
            PromptSelection selection,
            GoldenService golden,
            Experiments experiments,
            Audit audit) {
        this.database = database;
        this.repository = repository;
        this.prompts = prompts;
        this.selection = selection;
        this.golden = golden;
        this.experiments = experiments;
        this.audit = audit;
    }

    /**
     * Makes a version the active one and archives the former; does nothing when it is active already. 409 {@code
     * GOLDEN_NOT_PASSED} for a version that did not pass the golden conversations that its owner has for the agent.
     */
    public PromptVersion activate(Caller caller, TenantId owner, UUID agentId, int number) {
        PromptVersion activated = database.inTenant(owner, handle -> {
            prompts.lock(handle, owner, agentId);
            PromptVersion before = prompts.find(handle, owner, agentId, number);
            return before.isActive() ? before : activate(handle, caller, owner, before);
        });
        evict(owner);
        return activated;
    }

    private PromptVersion activate(Handle handle, Caller caller, TenantId owner, PromptVersion version) {
        if (owner.equals(TenantId.PLATFORM)) {
            experiments.running(handle, version.agentId()).ifPresent(running -> {
                throw new Problem(PromptProblem.EXPERIMENT_RUNNING)
                        .detail("Stop or promote the experiment " + running.name() + " first.");
            });
        }
        golden.demandPassed(handle, owner, version.agentId(), version.number(), version.contentHash());
        repository.push(handle, owner, version.agentId(), version.number(), Ids.next(), caller.actor());
        return release(handle, caller, owner, "prompt-version.activate", version, null);
    }

    /** As {@link #activate(Caller, TenantId, UUID, int)} for the platform, in a transaction that has locked the agent. */
    public PromptVersion activate(Handle handle, Caller caller, UUID agentId, int number) {
        PromptVersion before = prompts.find(handle, TenantId.PLATFORM, agentId, number);
        return before.isActive() ? before : activate(handle, caller, TenantId.PLATFORM, before);
    }

    /**
     * Takes back the last activation: the version before it becomes active again, and an experiment that runs ends; 409
     * when there is none. It asks for no trial, so that it always works.
     */
    public PromptVersion rollback(Caller caller, TenantId owner, UUID agentId) {
        PromptVersion activated = database.inTenant(owner, handle -> {
            prompts.lock(handle, owner, agentId);
            return rollback(handle, caller, owner, agentId, null);
        });
        evict(owner);
        return activated;
    }

    /** Takes a tenant's active version off duty, so that the platform's answers again; does nothing when there is none. */
    public void retire(Caller caller, TenantId tenant, UUID agentId) {
        database.useTenant(tenant, handle -> {
            prompts.lock(handle, tenant, agentId);
            repository.findActive(handle, tenant, agentId).ifPresent(duty -> {
                repository.archiveActive(handle, tenant, agentId);
                repository.withdrawAll(handle, tenant, agentId, caller.actor());
                PromptVersion after =
                        prompts.find(handle, tenant, agentId, duty.version().number());
                prompts.record(handle, caller, tenant, "prompt-version.retire", duty.version(), after, null);
            });
        });
        evict(tenant);
    }

    /** As {@link #rollback(Caller, TenantId, UUID)}, in a transaction that has locked the agent, and with a reason. */
    public PromptVersion rollback(Handle handle, Caller caller, TenantId owner, UUID agentId, String reason) {
        List<PromptRepository.Activation> top = repository.topTwo(handle, owner, agentId);
        if (top.size() < 2) {
            throw new Problem(PromptProblem.NO_EARLIER_PROMPT_VERSION);
        }
        if (owner.equals(TenantId.PLATFORM)) {
            experiments.running(handle, agentId).ifPresent(running -> {
                Experiment ended =
                        experiments.end(handle, running, "stopped", "The agent was rolled back.", null, caller.actor());
                endTests(handle, ended);
                audit.record(
                        handle,
                        caller,
                        owner,
                        new AuditEntry(
                                "experiment.stop",
                                "experiment",
                                agentId + "/" + ended.id(),
                                running,
                                ended,
                                ended.reason()));
            });
        }
        repository.withdraw(handle, owner, agentId, top.getFirst().seq(), caller.actor());
        PromptVersion before =
                prompts.find(handle, owner, agentId, top.getLast().number());
        return release(handle, caller, owner, "prompt-version.rollback", before, reason);
    }

    /** The last activation of the platform's versions of an agent and the one before it, newest first. */
    public List<Release> releases(Handle handle, UUID agentId) {
        return repository.topTwo(handle, TenantId.PLATFORM, agentId).stream()
                .map(activation -> new Release(
                        activation.id(),
                        prompts.find(handle, TenantId.PLATFORM, agentId, activation.number()),
                        activation.age()))
                .toList();
    }

    /** A version brought on duty, and how long ago that was. */
    public record Release(UUID id, PromptVersion version, Duration age) {}

    /** Whether that actor took an activation of the platform's versions of an agent back within that time. */
    public boolean rolledBackBy(Handle handle, String actor, UUID agentId, Duration within) {
        return repository.withdrawnBy(handle, TenantId.PLATFORM, agentId, actor, within);
    }

    /**
     * A version of the platform that may answer customers; 404 when there is none, 409 {@code GOLDEN_NOT_PASSED} for one
     * that did not pass.
     */
    public PromptVersion demandReleasable(Handle handle, UUID agentId, int number) {
        PromptVersion version = prompts.find(handle, TenantId.PLATFORM, agentId, number);
        if (!version.isActive()) {
            golden.demandPassed(handle, TenantId.PLATFORM, agentId, number, version.contentHash());
        }
        return version;
    }

    /** Marks the versions of an experiment that begins: from now on they cannot be changed. */
    public void beginTests(Handle handle, Experiment experiment) {
        experiment.arms().forEach(arm -> {
            repository.mark(handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "draft", "testing");
            repository.mark(handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "archived", "testing");
        });
    }

    /** Archives the versions of an experiment that ended, but for the active one. */
    public void endTests(Handle handle, Experiment experiment) {
        experiment
                .arms()
                .forEach(arm -> repository.mark(
                        handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "testing", "archived"));
    }

    private void evict(TenantId owner) {
        if (owner.equals(TenantId.PLATFORM)) {
            selection.evict();
        } else {
            selection.evict(owner);
        }
    }

    private PromptVersion release(
            Handle handle, Caller caller, TenantId owner, String action, PromptVersion before, String reason) {
        repository.archiveActive(handle, owner, before.agentId());
        repository.activate(handle, owner, before.agentId(), before.number());
        PromptVersion after = prompts.find(handle, owner, before.agentId(), before.number());
        prompts.record(handle, caller, owner, action, before, after, reason);
        return after;
    }
}
