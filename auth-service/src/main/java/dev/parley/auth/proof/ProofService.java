package dev.parley.auth.proof;

import dev.parley.auth.audit.AuditLogEntry;
import dev.parley.auth.audit.AuditLogService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Reads trails page by page, each page in a transaction of its own: a long trail holds up nobody. */
@ApplicationScoped
class ProofService {
    private static final int PAGE = 1000;

    private final Database database;
    private final AuditLogService trail;
    private final HeadRepository heads;

    ProofService(Database database, AuditLogService trail, HeadRepository heads) {
        this.database = database;
        this.trail = trail;
        this.heads = heads;
    }

    /** Leads a verifier along a tenant's trail and the heads that were signed of it here. */
    void walk(TenantId tenant, ChainVerifier verifier) {
        long after = Long.MIN_VALUE;
        while (true) {
            Stretch stretch = stretch(tenant, after);
            stretch.heads().forEach(verifier::expect);
            stretch.entries().forEach(verifier::accept);
            if (stretch.isLast()) {
                return;
            }
            after = stretch.entries().getLast().seq();
        }
    }

    /** The next entries after a place. */
    List<AuditLogEntry> page(TenantId tenant, long after) {
        return database.inTenant(tenant, handle -> trail.after(handle, after, PAGE));
    }

    private Stretch stretch(TenantId tenant, long after) {
        return database.inTenant(tenant, handle -> {
            List<AuditLogEntry> entries = trail.after(handle, after, PAGE);
            boolean last = entries.size() < PAGE;
            long to = last ? Long.MAX_VALUE : entries.getLast().seq();
            return new Stretch(entries, heads.between(handle, after, to), last);
        });
    }

    private record Stretch(List<AuditLogEntry> entries, List<SignedHead> heads, boolean isLast) {}
}
