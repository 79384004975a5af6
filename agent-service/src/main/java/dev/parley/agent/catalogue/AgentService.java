package dev.parley.agent.catalogue;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps the catalogue of agents; each change is audited for the platform. */
@ApplicationScoped
public class AgentService {
    private final Database database;
    private final AgentRepository agents;
    private final Audit audit;

    AgentService(Database database, AgentRepository agents, Audit audit) {
        this.database = database;
        this.agents = agents;
        this.audit = audit;
    }

    /** Adds an agent, which answers nobody until a prompt version is active; 409 when the slug is taken. */
    public Agent create(Caller caller, CreateAgentRequest request) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            UUID id = Ids.next();
            if (!agents.insert(handle, id, request, caller.actor())) {
                throw new Problem(AgentProblem.AGENT_SLUG_TAKEN)
                        .detail("There is an agent " + request.slug() + " already.");
            }
            Agent created = agents.find(handle, id).orElseThrow();
            record(handle, caller, "agent.create", null, created);
            return created;
        });
    }

    /** Changes name, description or status; 404 when there is no such agent. */
    public Agent update(Caller caller, UUID id, UpdateAgentRequest request) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            lock(handle, id);
            Agent before = agents.find(handle, id).orElseThrow();
            agents.update(handle, id, request);
            Agent after = agents.find(handle, id).orElseThrow();
            record(handle, caller, "agent.change", before, after);
            return after;
        });
    }

    /** One agent; 404 when there is none. */
    public Agent get(UUID id) {
        return database.inTenant(TenantId.PLATFORM, handle -> agents.find(handle, id))
                .orElseThrow(() -> new Problem(AgentProblem.AGENT_NOT_FOUND));
    }

    /** The agent with that slug, unless it is disabled; 404 then and when there is none. */
    public UUID offered(String slug) {
        return database.global(handle -> agents.idOfOffered(handle, slug))
                .orElseThrow(() -> new Problem(AgentProblem.AGENT_NOT_FOUND));
    }

    /** The id of the agent with that slug; empty when it is disabled or there is none. */
    public Optional<UUID> offered(Handle handle, String slug) {
        return agents.idOfOffered(handle, slug);
    }

    /** The slug of an agent that there is. */
    public String slug(Handle handle, UUID id) {
        return agents.find(handle, id).orElseThrow().slug();
    }

    /** The catalogue by slug, disabled agents included. */
    public Page<Agent> list(String cursor, Integer limit) {
        String after = Cursor.decode(cursor);
        int size = Cursor.limit(limit);
        return Page.of(
                database.inTenant(TenantId.PLATFORM, handle -> agents.list(handle, after, size + 1)),
                size,
                Agent::slug);
    }

    /** All agents that are not disabled, by slug. */
    List<Agent> listActive() {
        return database.inTenant(TenantId.PLATFORM, agents::listActive);
    }

    /** Records that platform staff looked at a tenant's agents, in that tenant's trail. */
    void recordTenantRead(Caller caller, TenantId tenant, AccessReason why) {
        database.useTenant(
                tenant,
                handle -> audit.record(
                        handle,
                        caller,
                        tenant,
                        AuditEntry.look("tenant-agents.read", "tenant", tenant.toString(), why)));
    }

    /** Locks an agent for the rest of the transaction, so that changes of it and of its versions follow each other; 404 when there is none. */
    public void lock(Handle handle, UUID id) {
        if (!agents.lock(handle, id)) {
            throw new Problem(AgentProblem.AGENT_NOT_FOUND);
        }
    }

    private void record(Handle handle, Caller caller, String action, Agent before, Agent after) {
        audit.record(
                handle,
                caller,
                TenantId.PLATFORM,
                new AuditEntry(action, "agent", after.id().toString(), before, after, null));
    }
}
