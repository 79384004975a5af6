package dev.parley.auth.audit;

import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Appends to the audit trails and shows them to their tenants. */
@ApplicationScoped
public class AuditLogService {
    private final Database database;
    private final AuditLogRepository trail;

    AuditLogService(Database database, AuditLogRepository trail) {
        this.database = database;
        this.trail = trail;
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
    }

    /** What was audited in one operation of the caller's tenant. */
    public OperationResponse operation(Caller caller, UUID operation) {
        return database.inTenant(
                caller.tenant(),
                handle -> new OperationResponse(trail.ofOperation(handle, operation).stream()
                        .map(OperationResponse.Step::from)
                        .toList()));
    }

    /** The trail of the caller's tenant, the newest entry first. */
    public Page<AuditLogResponse> list(Caller caller, AuditFilter filter, @Nullable Long before, int limit) {
        return database.inTenant(
                        caller.tenant(),
                        handle -> Page.of(
                                trail.list(handle, filter, before, limit + 1),
                                limit,
                                entry -> String.valueOf(entry.seq())))
                .map(AuditLogResponse::from);
    }
}
