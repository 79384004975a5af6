package dev.parley.auth.proof;

import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import dev.parley.auth.audit.AuditLogService;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Signs the heads of trails. A head is signed only when the chain goes on, entry by entry, from what was signed before,
 * here and in the second place: a trail that was rewritten never gets a signature that hides it.
 */
@ApplicationScoped
class HeadService {
    private static final Logger LOG = Logger.getLogger(HeadService.class);
    private static final int PAGE = 1000;

    private final Database database;
    private final AuditLogService trail;
    private final HeadRepository heads;
    private final Outbox outbox;

    HeadService(Database database, AuditLogService trail, HeadRepository heads, Outbox outbox) {
        this.database = database;
        this.trail = trail;
        this.heads = heads;
        this.outbox = outbox;
    }

    /** Tenants whose head must be signed. */
    List<TenantId> moved(int limit) {
        return database.acrossTenants(handle -> heads.moved(handle, limit));
    }

    /** The last head that was signed here. */
    Optional<SignedHead> last(TenantId tenant) {
        return database.inTenant(tenant, heads::last);
    }

    /**
     * Signs the head of a trail that goes on from what was signed before, and gives the last signed head.
     *
     * @param known what was signed here before, its signature verified; null when there is none
     * @param copied the heads in the second place, their signatures verified, the furthest first
     */
    Optional<SignedHead> sign(
            TenantId tenant, HeadSignatures.Pen pen, @Nullable SignedHead known, List<SignedHead> copied) {
        return database.inTenant(tenant, handle -> {
            trail.lock(handle);
            SignedHead base = heads.last(handle).orElse(null);
            if (!Objects.equals(base, known)) {
                // Another replica was here since: its head is as good, and the next round sees it.
                return Optional.ofNullable(base);
            }
            SignedHead copy = copied.isEmpty() ? null : copied.getFirst();
            SignedHead start = copy != null && (base == null || copy.seq() > base.seq()) ? copy : base;
            if (contradicts(handle, base) || copied.stream().anyMatch(head -> contradicts(handle, head))) {
                return refused(tenant, start);
            }
            Tail tail = follow(handle, start);
            if (tail.broken()) {
                return refused(tenant, start);
            }
            if (start != null && tail.seq() == start.seq() || tail.seq() == 0) {
                heads.settled(handle);
                return Optional.ofNullable(start);
            }
            SignedHead head = pen.sign(tenant, tail.seq(), tail.hash());
            heads.insert(handle, head);
            outbox.append(handle, tenant, new AuditHeadSigned(tenant, head.seq(), head.hash(), head.jws()));
            heads.settled(handle);
            return Optional.of(head);
        });
    }

    private boolean contradicts(Handle handle, @Nullable SignedHead head) {
        return head != null
                && trail.at(handle, head.seq())
                        .filter(entry -> entry.isWhole() && entry.hash().equals(head.hash()))
                        .isEmpty();
    }

    private Tail follow(Handle handle, @Nullable SignedHead start) {
        long seq = start == null ? 0 : start.seq();
        String hash = start == null ? AuditFact.GENESIS : start.hash();
        while (true) {
            List<AuditLogEntry> page = trail.after(handle, seq, PAGE);
            for (AuditLogEntry entry : page) {
                if (entry.seq() != seq + 1 || !entry.previousHash().equals(hash) || !entry.isWhole()) {
                    return new Tail(seq, hash, true);
                }
                seq = entry.seq();
                hash = entry.hash();
            }
            if (page.size() < PAGE) {
                return new Tail(seq, hash, false);
            }
        }
    }

    private static Optional<SignedHead> refused(TenantId tenant, @Nullable SignedHead last) {
        LOG.errorf(
                "the audit trail of tenant %s does not go on from its signed head: it was tampered with, and is no longer signed",
                tenant);
        return Optional.ofNullable(last);
    }

    private record Tail(long seq, String hash, boolean broken) {}
}
