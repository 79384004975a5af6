package dev.parley.agent.prompt;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.prompt.golden.GoldenService;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Keeps prompt versions of the platform and of tenants, and releases them; each change is audited for its owner and takes
 * effect at once here, within seconds elsewhere.
 */
@ApplicationScoped
public class PromptService {
    private final Database database;
    private final PromptRepository prompts;
    private final AgentService agents;
    private final ProviderService providers;
    private final PromptSelection selection;
    private final PromptLoader loader;
    private final GoldenService golden;
    private final Experiments experiments;
    private final Audit audit;

    PromptService(
            Database database,
            PromptRepository prompts,
            AgentService agents,
            ProviderService providers,
            PromptSelection selection,
            PromptLoader loader,
            GoldenService golden,
            Experiments experiments,
            Audit audit) {
        this.database = database;
        this.prompts = prompts;
        this.agents = agents;
        this.providers = providers;
        this.selection = selection;
        this.loader = loader;
        this.golden = golden;
        this.experiments = experiments;
        this.audit = audit;
    }

    /** Adds a draft with the agent's next number; 404 without such an agent, 422 when provider, model or variables are unusable. */
    public PromptVersion draft(Caller caller, TenantId owner, UUID agentId, PromptVersionRequest content) {
        return database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            String provider = checked(handle, owner, content);
            int number = prompts.nextNumber(handle, owner, agentId);
            prompts.insert(handle, owner, agentId, number, Ids.next(), content, provider, caller.actor());
            PromptVersion created = find(handle, owner, agentId, number);
            record(handle, caller, owner, "prompt-version.create", null, created, null);
            return created;
        });
    }

    /** Replaces the content of a draft; 409 when the version was ever active. */
    public PromptVersion revise(Caller caller, TenantId owner, UUID agentId, int number, PromptVersionRequest content) {
        return database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            PromptVersion before = find(handle, owner, agentId, number);
            if (!before.isDraft()) {
                throw new Problem(PromptProblem.PROMPT_VERSION_IMMUTABLE)
                        .detail("Version " + number + " is " + before.status() + ": make a new version instead.");
            }
            prompts.updateContent(handle, owner, agentId, number, content, checked(handle, owner, content));
            PromptVersion after = find(handle, owner, agentId, number);
            record(handle, caller, owner, "prompt-version.change", before, after, null);
            return after;
        });
    }

    /**
     * Makes a version the active one and archives the former; does nothing when it is active already. 409 {@code
     * GOLDEN_NOT_PASSED} for a version of the platform that did not pass the agent's golden conversations.
     */
    public PromptVersion activate(Caller caller, TenantId owner, UUID agentId, int number) {
        PromptVersion activated = database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            PromptVersion before = find(handle, owner, agentId, number);
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
            golden.demandPassed(handle, version.agentId(), version.number(), version.contentHash());
        }
        prompts.push(handle, owner, version.agentId(), version.number(), Ids.next(), caller.actor());
        return release(handle, caller, owner, "prompt-version.activate", version, null);
    }

    /** As {@link #activate(Caller, TenantId, UUID, int)} for the platform, in a transaction that has locked the agent. */
    public PromptVersion activate(Handle handle, Caller caller, UUID agentId, int number) {
        PromptVersion before = find(handle, TenantId.PLATFORM, agentId, number);
        return before.isActive() ? before : activate(handle, caller, TenantId.PLATFORM, before);
    }

    /**
     * Takes back the last activation: the version before it becomes active again, and an experiment that runs ends; 409
     * when there is none. It asks for no trial, so that it always works.
     */
    public PromptVersion rollback(Caller caller, TenantId owner, UUID agentId) {
        PromptVersion activated = database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            return rollback(handle, caller, owner, agentId, null);
        });
        evict(owner);
        return activated;
    }

    /** Takes a tenant's active version off duty, so that the platform's answers again; does nothing when there is none. */
    public void retire(Caller caller, TenantId tenant, UUID agentId) {
        database.useTenant(tenant, handle -> {
            lock(handle, tenant, agentId);
            prompts.findActive(handle, tenant, agentId).ifPresent(duty -> {
                prompts.archiveActive(handle, tenant, agentId);
                prompts.withdrawAll(handle, tenant, agentId, caller.actor());
                PromptVersion after =
                        find(handle, tenant, agentId, duty.version().number());
                record(handle, caller, tenant, "prompt-version.retire", duty.version(), after, null);
            });
        });
        evict(tenant);
    }

    /** As {@link #rollback(Caller, TenantId, UUID)}, in a transaction that has locked the agent, and with a reason. */
    public PromptVersion rollback(Handle handle, Caller caller, TenantId owner, UUID agentId, String reason) {
        List<PromptRepository.Activation> top = prompts.topTwo(handle, owner, agentId);
        if (top.size() < 2) {
            throw new Problem(PromptProblem.NO_EARLIER_PROMPT_VERSION);
        }
        if (owner.equals(TenantId.PLATFORM)) {
            experiments.running(handle, agentId).ifPresent(running -> {
                Experiment ended =
                        experiments.end(handle, running, "stopped", "The agent was rolled back.", null, caller.actor());
                endTests(handle, ended);
            });
        }
        prompts.withdraw(handle, owner, agentId, top.getFirst().seq(), caller.actor());
        PromptVersion before = find(handle, owner, agentId, top.getLast().number());
        return release(handle, caller, owner, "prompt-version.rollback", before, reason);
    }

    /** The last activation of the platform's versions of an agent and the one before it, newest first. */
    public List<Release> releases(Handle handle, UUID agentId) {
        return prompts.topTwo(handle, TenantId.PLATFORM, agentId).stream()
                .map(activation -> new Release(
                        activation.id(),
                        find(handle, TenantId.PLATFORM, agentId, activation.number()),
                        activation.at()))
                .toList();
    }

    /** A version brought on duty. */
    public record Release(UUID id, PromptVersion version, Instant at) {}

    /**
     * A version of the platform that may answer customers; 404 when there is none, 409 {@code GOLDEN_NOT_PASSED} for one
     * that did not pass.
     */
    public PromptVersion demandReleasable(Handle handle, UUID agentId, int number) {
        PromptVersion version = find(handle, TenantId.PLATFORM, agentId, number);
        if (!version.isActive()) {
            golden.demandPassed(handle, agentId, number, version.contentHash());
        }
        return version;
    }

    /** Marks the versions of an experiment that begins: from now on they cannot be changed. */
    public void beginTests(Handle handle, Experiment experiment) {
        experiment.arms().forEach(arm -> {
            prompts.mark(handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "draft", "testing");
            prompts.mark(handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "archived", "testing");
        });
    }

    /** Archives the versions of an experiment that ended, but for the active one. */
    public void endTests(Handle handle, Experiment experiment) {
        experiment
                .arms()
                .forEach(arm -> prompts.mark(
                        handle, TenantId.PLATFORM, experiment.agentId(), arm.number(), "testing", "archived"));
    }

    /** One version; 404 when there is none. */
    public PromptVersion get(TenantId owner, UUID agentId, int number) {
        return database.inTenant(owner, handle -> find(handle, owner, agentId, number));
    }

    /** The versions of an agent, newest first; 404 without such an agent. */
    public Page<PromptVersion> list(TenantId owner, UUID agentId, String cursor, Integer limit) {
        agents.get(agentId);
        int below = position(cursor);
        int size = Cursor.limit(limit);
        return Page.of(
                database.inTenant(owner, handle -> prompts.list(handle, owner, agentId, below, size + 1)),
                size,
                version -> String.valueOf(version.number()));
    }

    /** What changed from one version to another; 404 when either does not exist. */
    public PromptDiff diff(TenantId owner, UUID agentId, int from, int to) {
        return database.inTenant(
                owner,
                handle -> PromptDiff.between(find(handle, owner, agentId, from), find(handle, owner, agentId, to)));
    }

    /** A version of the platform as it would answer if it were active; 404 when there is none. */
    public Prepared prepare(UUID agentId, int number) {
        String slug = agents.get(agentId).slug();
        return database.inTenant(TenantId.PLATFORM, handle -> {
            PromptVersion version = find(handle, TenantId.PLATFORM, agentId, number);
            return new Prepared(loader.load(handle, slug, null, version), version.contentHash());
        });
    }

    /** A version that is tried, and the fingerprint of what it says. */
    public record Prepared(ActivePrompt prompt, String contentHash) {}

    private void evict(TenantId owner) {
        if (owner.equals(TenantId.PLATFORM)) {
            selection.evict();
        } else {
            selection.evict(owner);
        }
    }

    private void lock(Handle handle, TenantId owner, UUID agentId) {
        if (owner.equals(TenantId.PLATFORM)) {
            agents.lock(handle, agentId);
        } else {
            prompts.lock(handle, owner, agentId);
        }
    }

    private PromptVersion release(
            Handle handle, Caller caller, TenantId owner, String action, PromptVersion before, String reason) {
        prompts.archiveActive(handle, owner, before.agentId());
        prompts.activate(handle, owner, before.agentId(), before.number());
        PromptVersion after = find(handle, owner, before.agentId(), before.number());
        record(handle, caller, owner, action, before, after, reason);
        return after;
    }

    private String checked(Handle handle, TenantId owner, PromptVersionRequest content) {
        if (!owner.equals(TenantId.PLATFORM)) {
            objecting(PromptVariables.objection(content.variables()));
            return null;
        }
        String provider = content.provider() == null || content.provider().isBlank()
                ? ProviderService.DEFAULT
                : content.provider();
        objecting(providers
                .objection(handle, provider, content.model())
                .or(() -> PromptVariables.objection(content.variables())));
        return provider;
    }

    private static void objecting(Optional<String> objection) {
        objection.ifPresent(why -> {
            throw new Problem(PromptProblem.PROMPT_VERSION_INVALID).detail(why);
        });
    }

    private PromptVersion find(Handle handle, TenantId owner, UUID agentId, int number) {
        return prompts.find(handle, owner, agentId, number)
                .orElseThrow(() -> new Problem(PromptProblem.PROMPT_VERSION_NOT_FOUND));
    }

    private static int position(String cursor) {
        String position = Cursor.decode(cursor);
        try {
            return position == null ? Integer.MAX_VALUE : Integer.parseInt(position);
        } catch (NumberFormatException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
    }

    private void record(
            Handle handle,
            Caller caller,
            TenantId owner,
            String action,
            PromptVersion before,
            PromptVersion after,
            String reason) {
        audit.record(
                handle,
                caller,
                owner,
                new AuditEntry(
                        action, "prompt-version", after.agentId() + "/" + after.number(), before, after, reason));
    }
}
