package dev.parley.agent.prompt.golden;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.tool.ToolBox;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps golden conversations of the platform and of tenants, and says whether a version passed them; each change is audited for its owner. */
@ApplicationScoped
public class GoldenService {
    private static final int MOST = 100;
    private static final String RESOURCE = "golden-conversation";

    private final Database database;
    private final GoldenRepository golden;
    private final TrialRepository trials;
    private final AgentService agents;
    private final ToolBox toolBox;
    private final Audit audit;

    GoldenService(
            Database database,
            GoldenRepository golden,
            TrialRepository trials,
            AgentService agents,
            ToolBox toolBox,
            Audit audit) {
        this.database = database;
        this.golden = golden;
        this.trials = trials;
        this.agents = agents;
        this.toolBox = toolBox;
        this.audit = audit;
    }

    /** Adds a golden conversation; from now on no version is released that has not passed it. */
    public GoldenConversation add(Caller caller, TenantId owner, UUID agentId, GoldenRequest request) {
        check(owner, request);
        return database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            if (golden.fingerprint(handle, owner, agentId).count() >= MOST) {
                throw invalid("An agent has at most " + MOST + " golden conversations.");
            }
            UUID id = Ids.next();
            if (!golden.insert(handle, owner, agentId, id, request, caller.actor())) {
                throw taken(request);
            }
            GoldenConversation created = demand(handle, owner, agentId, id);
            record(handle, caller, owner, "golden-conversation.create", null, created);
            return created;
        });
    }

    /** Replaces a golden conversation; versions must pass it anew. */
    public GoldenConversation change(Caller caller, TenantId owner, UUID agentId, UUID id, GoldenRequest request) {
        check(owner, request);
        return database.inTenant(owner, handle -> {
            lock(handle, owner, agentId);
            GoldenConversation before = demand(handle, owner, agentId, id);
            if (golden.nameTaken(handle, owner, agentId, request.name(), id)) {
                throw taken(request);
            }
            golden.update(handle, owner, agentId, id, request, caller.actor());
            GoldenConversation after = demand(handle, owner, agentId, id);
            record(handle, caller, owner, "golden-conversation.change", before, after);
            return after;
        });
    }

    /** Removes a golden conversation. */
    public void remove(Caller caller, TenantId owner, UUID agentId, UUID id) {
        database.useTenant(owner, handle -> {
            lock(handle, owner, agentId);
            GoldenConversation before = demand(handle, owner, agentId, id);
            golden.delete(handle, owner, agentId, id);
            record(handle, caller, owner, "golden-conversation.delete", before, null);
        });
    }

    /** The golden conversations of an agent by name; there are at most a hundred. */
    public Page<GoldenConversation> list(TenantId owner, UUID agentId) {
        agents.get(agentId);
        return new Page<>(database.inTenant(owner, handle -> golden.list(handle, owner, agentId)), null);
    }

    /** One golden conversation; 404 when there is none. */
    public GoldenConversation get(TenantId owner, UUID agentId, UUID id) {
        return database.inTenant(owner, handle -> demand(handle, owner, agentId, id));
    }

    /**
     * Refuses, with 409 {@code GOLDEN_NOT_PASSED}, what has not passed: the latest trial of exactly this content on the
     * owner's golden conversations of the agent as they are now. Without any nothing is asked for.
     *
     * @param contentHash of what is to be released
     */
    public void demandPassed(Handle handle, TenantId owner, UUID agentId, int number, String contentHash) {
        GoldenRepository.Fingerprint now = golden.fingerprint(handle, owner, agentId);
        if (now.count() == 0 || trials.passed(handle, owner, agentId, contentHash, now.hash())) {
            return;
        }
        throw new Problem(GoldenProblem.GOLDEN_NOT_PASSED)
                .detail("Version " + number + " must pass the agent's " + now.count()
                        + " golden conversations as they are now: POST its trial.");
    }

    /** Puts all changes of one owner's golden conversations of one agent in a row, for the rest of the transaction. */
    void lock(Handle handle, TenantId owner, UUID agentId) {
        if (owner.equals(TenantId.PLATFORM)) {
            agents.lock(handle, agentId);
        } else {
            golden.lock(handle, owner, agentId);
        }
    }

    private void check(TenantId owner, GoldenRequest request) {
        toolBox.objection(owner, request.content().tools()).ifPresent(objection -> {
            throw invalid(objection);
        });
        for (int turn = 0; turn < request.turns().size(); turn++) {
            List<Expectation> expected = request.turns().get(turn).expect();
            for (int i = 0; i < expected.size(); i++) {
                String where = "turns[" + turn + "].expect[" + i + "]: ";
                expected.get(i).objection().ifPresent(objection -> {
                    throw invalid(where + objection + ".");
                });
            }
        }
    }

    private GoldenConversation demand(Handle handle, TenantId owner, UUID agentId, UUID id) {
        return golden.find(handle, owner, agentId, id)
                .orElseThrow(() -> new Problem(GoldenProblem.GOLDEN_CONVERSATION_NOT_FOUND));
    }

    private static Problem invalid(String why) {
        return new Problem(GoldenProblem.GOLDEN_INVALID).detail(why);
    }

    private static Problem taken(GoldenRequest request) {
        return new Problem(GoldenProblem.GOLDEN_NAME_TAKEN)
                .detail("The agent has a golden conversation " + request.name().strip() + " already.");
    }

    private void record(
            Handle handle,
            Caller caller,
            TenantId owner,
            String action,
            GoldenConversation before,
            GoldenConversation after) {
        GoldenConversation subject = after == null ? before : after;
        audit.record(
                handle,
                caller,
                owner,
                new AuditEntry(action, RESOURCE, subject.agentId() + "/" + subject.id(), before, after, null));
    }
}
