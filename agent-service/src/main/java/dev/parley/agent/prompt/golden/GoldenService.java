package dev.parley.agent.prompt.golden;

import dev.parley.agent.catalogue.AgentService;
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

/** Keeps golden conversations, and says whether a version passed them; each change is audited for the platform. */
@ApplicationScoped
public class GoldenService {
    private static final int MOST = 100;
    private static final String RESOURCE = "golden-conversation";

    private final Database database;
    private final GoldenRepository golden;
    private final TrialRepository trials;
    private final AgentService agents;
    private final Audit audit;

    GoldenService(
            Database database, GoldenRepository golden, TrialRepository trials, AgentService agents, Audit audit) {
        this.database = database;
        this.golden = golden;
        this.trials = trials;
        this.agents = agents;
        this.audit = audit;
    }

    /** Adds a golden conversation; from now on no version is released that has not passed it. */
    GoldenConversation add(Caller caller, UUID agentId, GoldenRequest request) {
        check(request);
        return database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            if (golden.fingerprint(handle, agentId).count() >= MOST) {
                throw invalid("An agent has at most " + MOST + " golden conversations.");
            }
            UUID id = Ids.next();
            if (!golden.insert(handle, agentId, id, request, caller.actor())) {
                throw taken(request);
            }
            GoldenConversation created = demand(handle, agentId, id);
            record(handle, caller, "golden-conversation.create", null, created);
            return created;
        });
    }

    /** Replaces a golden conversation; versions must pass it anew. */
    GoldenConversation change(Caller caller, UUID agentId, UUID id, GoldenRequest request) {
        check(request);
        return database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            GoldenConversation before = demand(handle, agentId, id);
            if (golden.nameTaken(handle, agentId, request.name(), id)) {
                throw taken(request);
            }
            golden.update(handle, agentId, id, request, caller.actor());
            GoldenConversation after = demand(handle, agentId, id);
            record(handle, caller, "golden-conversation.change", before, after);
            return after;
        });
    }

    /** Removes a golden conversation. */
    void remove(Caller caller, UUID agentId, UUID id) {
        database.useTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            GoldenConversation before = demand(handle, agentId, id);
            golden.delete(handle, agentId, id);
            record(handle, caller, "golden-conversation.delete", before, null);
        });
    }

    /** The golden conversations of an agent by name; there are at most a hundred. */
    Page<GoldenConversation> list(UUID agentId) {
        agents.get(agentId);
        return new Page<>(database.global(handle -> golden.list(handle, agentId)), null);
    }

    /** One golden conversation; 404 when there is none. */
    GoldenConversation get(UUID agentId, UUID id) {
        return database.global(handle -> demand(handle, agentId, id));
    }

    /**
     * Refuses, with 409 {@code GOLDEN_NOT_PASSED}, what has not passed: the latest trial of exactly this content on the
     * agent's golden conversations as they are now. An agent without any asks for nothing.
     *
     * @param contentHash of what is to be released
     */
    public void demandPassed(Handle handle, UUID agentId, int number, String contentHash) {
        GoldenRepository.Fingerprint now = golden.fingerprint(handle, agentId);
        if (now.count() == 0 || trials.passed(handle, agentId, contentHash, now.hash())) {
            return;
        }
        throw new Problem(GoldenProblem.GOLDEN_NOT_PASSED)
                .detail("Version " + number + " must pass the agent's " + now.count()
                        + " golden conversations as they are now: POST its trial.");
    }

    private static void check(GoldenRequest request) {
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

    private GoldenConversation demand(Handle handle, UUID agentId, UUID id) {
        return golden.find(handle, agentId, id)
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
            Handle handle, Caller caller, String action, GoldenConversation before, GoldenConversation after) {
        GoldenConversation subject = after == null ? before : after;
        audit.record(
                handle,
                caller,
                TenantId.PLATFORM,
                new AuditEntry(action, RESOURCE, subject.agentId() + "/" + subject.id(), before, after, null));
    }
}
