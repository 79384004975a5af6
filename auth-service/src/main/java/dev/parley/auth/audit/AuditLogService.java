package dev.parley.auth.audit;

import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Appends to the audit trails and shows them to their tenants. */
@ApplicationScoped
public class AuditLogService {
    private final Database database;
    private final AuditLogRepository trail;
    private final ActorNames names;

    AuditLogService(Database database, AuditLogRepository trail, ActorNames names) {
        this.database = database;
        this.trail = trail;
        this.names = names;
    }

    /** Appends facts to the trail of the transaction's tenant, in their order. */
    void append(Handle handle, List<AuditFact> facts) {
        trail.lockTrail(handle);
        Optional<AuditLogEntry> last = trail.last(handle);
        long seq = last.map(AuditLogEntry::seq).orElse(0L);
        String previous = last.map(AuditLogEntry::hash).orElse(AuditFact.GENESIS);
        for (AuditFact fact : facts) {
            seq++;
            AuditLogEntry entry = new AuditLogEntry(seq, fact, previous, fact.hash(previous, seq));
            trail.insert(handle, entry);
            previous = entry.hash();
        }
        trail.moved(handle);
    }

    /** Lets nobody else append to the trail of the transaction's tenant until the transaction ends. */
    public void lock(Handle handle) {
        trail.lockTrail(handle);
    }

    /** Entries of the transaction's tenant after a place, in the order of the chain. */
    public List<AuditLogEntry> after(Handle handle, long seq, int limit) {
        return trail.after(handle, seq, limit);
    }

    /** The entry at a place in the trail of the transaction's tenant. */
    public Optional<AuditLogEntry> at(Handle handle, long seq) {
        return trail.at(handle, seq);
    }

    /** What was audited in one operation of the caller's tenant. */
    public OperationResponse operation(Caller caller, UUID operation) {
        return database.inTenant(
                caller.tenant(),
                handle -> new OperationResponse(trail.ofOperation(handle, operation).stream()
                        .map(OperationResponse.Step::from)
                        .toList()));
    }

    /** A tenant's trail, the newest entry first. */
    Page<AuditLogResponse> list(TenantId tenant, AuditFilter filter, @Nullable Long before, int limit) {
        return page(tenant, filter, false, before, limit);
    }

    /** What Parley's staff did and looked at in a tenant, the newest first. */
    public Page<AuditLogResponse> ofStaff(TenantId tenant, @Nullable Long before, int limit) {
        return page(tenant, AuditFilter.ALL, true, before, limit);
    }

    private Page<AuditLogResponse> page(
            TenantId tenant, AuditFilter filter, boolean staffOnly, @Nullable Long before, int limit) {
        return database.inTenant(tenant, handle -> {
            Page<AuditLogEntry> page = Page.of(
                    trail.list(handle, filter, staffOnly, before, limit + 1),
                    limit,
                    entry -> String.valueOf(entry.seq()));
            Map<String, String> known = names.of(
                    handle,
                    page.items().stream().map(entry -> entry.fact().actor()).toList());
            return page.map(
                    entry -> AuditLogResponse.from(entry, known.get(entry.fact().actor())));
        });
    }

    /** Reads a place out of a cursor; a 400 problem when it holds none. */
    public static @Nullable Long place(@Nullable String cursor) {
        String position = Cursor.decode(cursor);
        try {
            return position == null ? null : Long.valueOf(position);
        } catch (NumberFormatException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
    }
}
