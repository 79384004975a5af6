package dev.parley.agent.prompt;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.provider.ProviderService;
import dev.parley.agent.providerkey.ProviderKeyService;
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
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps prompt versions of the platform and of tenants; each change is audited for its owner. {@link ReleaseService} releases them. */
@ApplicationScoped
public class PromptService {
    private final Database database;
    private final PromptRepository prompts;
    private final AgentService agents;
    private final ProviderService providers;
    private final ProviderKeyService keys;
    private final PromptLoader loader;
    private final PromptConfig config;
    private final Audit audit;

    PromptService(
            Database database,
            PromptRepository prompts,
            AgentService agents,
            ProviderService providers,
            ProviderKeyService keys,
            PromptLoader loader,
            PromptConfig config,
            Audit audit) {
        this.database = database;
        this.prompts = prompts;
        this.agents = agents;
        this.providers = providers;
        this.keys = keys;
        this.loader = loader;
        this.config = config;
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

    /** Puts all changes of one owner's versions of one agent in a row, for the rest of the transaction. */
    void lock(Handle handle, TenantId owner, UUID agentId) {
        if (owner.equals(TenantId.PLATFORM)) {
            agents.lock(handle, agentId);
        } else {
            prompts.lock(handle, owner, agentId);
        }
    }

    private String checked(Handle handle, TenantId owner, PromptVersionRequest content) {
        objecting(PromptVariables.objection(content.variables()));
        if (!owner.equals(TenantId.PLATFORM)) {
            objecting(ownObjection(handle, owner, content));
            return content.provider();
        }
        String provider = content.provider() == null || content.provider().isBlank()
                ? ProviderService.DEFAULT
                : content.provider();
        objecting(providers.objection(handle, provider, content.model()));
        return provider;
    }

    /** A tenant names providers of which it has a key, and pays them; a prompt that fills every context answers nobody. */
    private Optional<String> ownObjection(Handle handle, TenantId owner, PromptVersionRequest content) {
        if (PromptVariables.weight(content.systemPrompt()) > config.ownLongest()) {
            return Optional.of("The prompt is too long: it may have " + config.ownLongest()
                    + " characters, of which those beyond ASCII count four times.");
        }
        if (content.provider() == null) {
            return content.model() == null
                    ? Optional.empty()
                    : Optional.of("A model goes with the provider of which you have a key: name that too.");
        }
        return keys.has(handle, owner, content.provider())
                ? providers.objection(handle, content.provider(), content.model())
                : Optional.of("You have no key of your own at the provider " + content.provider() + ".");
    }

    private static void objecting(Optional<String> objection) {
        objection.ifPresent(why -> {
            throw new Problem(PromptProblem.PROMPT_VERSION_INVALID).detail(why);
        });
    }

    /** One version; 404 when there is none. */
    PromptVersion find(Handle handle, TenantId owner, UUID agentId, int number) {
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

    /** Writes a change of a version into its owner's audit trail. */
    void record(
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
