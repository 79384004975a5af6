package dev.parley.agent.prompt;

import dev.parley.agent.catalogue.AgentService;
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
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps prompt versions and releases them; each change is audited for the platform and takes effect at once here, within seconds elsewhere. */
@ApplicationScoped
public class PromptService {
    private final Database database;
    private final PromptRepository prompts;
    private final AgentService agents;
    private final ProviderService providers;
    private final ActivePrompts active;
    private final Audit audit;

    PromptService(
            Database database,
            PromptRepository prompts,
            AgentService agents,
            ProviderService providers,
            ActivePrompts active,
            Audit audit) {
        this.database = database;
        this.prompts = prompts;
        this.agents = agents;
        this.providers = providers;
        this.active = active;
        this.audit = audit;
    }

    /** Adds a draft with the agent's next number; 404 without such an agent, 422 when provider, model or variables are unusable. */
    public PromptVersion draft(Caller caller, UUID agentId, PromptVersionRequest content) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            String provider = checked(handle, content);
            int number = prompts.nextNumber(handle, agentId);
            prompts.insert(handle, agentId, number, Ids.next(), content, provider, caller.actor());
            PromptVersion created = find(handle, agentId, number);
            record(handle, caller, "prompt-version.create", null, created);
            return created;
        });
    }

    /** Replaces the content of a draft; 409 when the version was ever active. */
    public PromptVersion revise(Caller caller, UUID agentId, int number, PromptVersionRequest content) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            PromptVersion before = find(handle, agentId, number);
            if (!before.isDraft()) {
                throw new Problem(PromptProblem.PROMPT_VERSION_IMMUTABLE)
                        .detail("Version " + number + " is " + before.status() + ": make a new version instead.");
            }
            prompts.updateContent(handle, agentId, number, content, checked(handle, content));
            PromptVersion after = find(handle, agentId, number);
            record(handle, caller, "prompt-version.change", before, after);
            return after;
        });
    }

    /** Makes a version the active one and archives the former; does nothing when it is active already. */
    public PromptVersion activate(Caller caller, UUID agentId, int number) {
        PromptVersion activated = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            PromptVersion before = find(handle, agentId, number);
            if (before.isActive()) {
                return before;
            }
            prompts.push(handle, agentId, number, caller.actor());
            return release(handle, caller, "prompt-version.activate", before);
        });
        active.evict();
        return activated;
    }

    /** Takes back the last activation: the version before it becomes active again; 409 when there is none. */
    public PromptVersion rollback(Caller caller, UUID agentId) {
        PromptVersion activated = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            List<PromptRepository.Activation> top = prompts.topTwo(handle, agentId);
            if (top.size() < 2) {
                throw new Problem(PromptProblem.NO_EARLIER_PROMPT_VERSION);
            }
            prompts.withdraw(handle, agentId, top.getFirst().seq(), caller.actor());
            return release(
                    handle,
                    caller,
                    "prompt-version.rollback",
                    find(handle, agentId, top.getLast().number()));
        });
        active.evict();
        return activated;
    }

    /** One version; 404 when there is none. */
    public PromptVersion get(UUID agentId, int number) {
        return database.global(handle -> find(handle, agentId, number));
    }

    /** The versions of an agent, newest first; 404 without such an agent. */
    public Page<PromptVersion> list(UUID agentId, String cursor, Integer limit) {
        agents.get(agentId);
        int below = position(cursor);
        int size = Cursor.limit(limit);
        return Page.of(
                database.global(handle -> prompts.list(handle, agentId, below, size + 1)),
                size,
                version -> String.valueOf(version.number()));
    }

    /** What changed from one version to another; 404 when either does not exist. */
    public PromptDiff diff(UUID agentId, int from, int to) {
        return database.global(handle -> PromptDiff.between(find(handle, agentId, from), find(handle, agentId, to)));
    }

    private PromptVersion release(Handle handle, Caller caller, String action, PromptVersion before) {
        prompts.archiveActive(handle, before.agentId());
        prompts.activate(handle, before.agentId(), before.number());
        PromptVersion after = find(handle, before.agentId(), before.number());
        record(handle, caller, action, before, after);
        return after;
    }

    private String checked(Handle handle, PromptVersionRequest content) {
        String provider = content.provider() == null || content.provider().isBlank()
                ? ProviderService.DEFAULT
                : content.provider();
        providers
                .objection(handle, provider, content.model())
                .or(() -> PromptVariables.objection(content.variables()))
                .ifPresent(objection -> {
                    throw new Problem(PromptProblem.PROMPT_VERSION_INVALID).detail(objection);
                });
        return provider;
    }

    private PromptVersion find(Handle handle, UUID agentId, int number) {
        return prompts.find(handle, agentId, number)
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

    private void record(Handle handle, Caller caller, String action, PromptVersion before, PromptVersion after) {
        audit.record(
                handle,
                caller,
                TenantId.PLATFORM,
                new AuditEntry(action, "prompt-version", after.agentId() + "/" + after.number(), before, after, null));
    }
}
