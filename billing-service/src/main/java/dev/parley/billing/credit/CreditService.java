package dev.parley.billing.credit;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Grants and closes lots of credits; each grant and each end is booked and published in the same transaction. */
@ApplicationScoped
public class CreditService {
    private final Database database;
    private final CreditRepository lots;
    private final LedgerService ledger;
    private final Outbox outbox;
    private final Audit audit;
    private final TenantClock clock;

    CreditService(
            Database database,
            CreditRepository lots,
            LedgerService ledger,
            Outbox outbox,
            Audit audit,
            TenantClock clock) {
        this.database = database;
        this.lots = lots;
        this.ledger = ledger;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /** Grants credits unless this occasion was granted before; returns whether it did. */
    public boolean grant(Handle handle, TenantId tenant, CreditGrant grant) {
        return grantLot(handle, tenant, grant).isPresent();
    }

    private Optional<CreditLot> grantLot(Handle handle, TenantId tenant, CreditGrant grant) {
        UUID lotId = Ids.next();
        if (grant.credits() == 0 || !lots.insert(handle, tenant, lotId, grant)) {
            return Optional.empty();
        }
        ledger.granted(handle, tenant, lotId, grant.credits());
        outbox.append(
                handle,
                tenant,
                new CreditsGranted(tenant, lotId, grant.source(), grant.credits(), grant.expiresAt(), grant.reason()));
        return Optional.of(new CreditLot(lotId, grant.source(), grant.credits(), grant.expiresAt(), grant.reason()));
    }

    /** Ends what is unspent of the tenant's trial and plan lots, except the lot of one occasion. */
    public void closePlanLots(Handle handle, TenantId tenant, String exceptGrantKey, String reason) {
        publishClosed(handle, tenant, lots.requestCloseOfPlanLots(handle, exceptGrantKey), reason);
    }

    /** Ends all of the tenant's trial and plan lots. */
    public void closeAllPlanLots(Handle handle, TenantId tenant, String reason) {
        closePlanLots(handle, tenant, "", reason);
    }

    /** Books what policy says was left of a lot. Repeating it changes nothing. */
    public void lotClosed(Handle handle, TenantId tenant, UUID lotId, long unspent) {
        if (!lots.close(handle, lotId, unspent)) {
            throw new IllegalStateException("policy closed a lot that was never granted: " + lotId);
        }
        ledger.expired(handle, tenant, lotId, unspent);
    }

    /** Ends the lots of up to 100 tenants whose time is over, one tenant at a time; returns how many tenants. */
    public int closeExpired() {
        Instant now = clock.ours();
        List<TenantId> tenants = database.acrossTenants(relay -> lots.tenantsWithExpiredLots(relay, now, 100));
        tenants.forEach(this::closeExpired);
        return tenants.size();
    }

    /** Ends the lots of one tenant whose time is over. */
    public void closeExpired(TenantId tenant) {
        database.useTenant(tenant, handle -> {
            Instant now = clock.now(handle, tenant);
            publishClosed(handle, tenant, lots.requestCloseOfExpired(handle, now), "expired");
        });
    }

    /** Ends one lot; false when it is ending or has ended already, or is not there. */
    public boolean closeLot(Handle handle, TenantId tenant, UUID lotId, String reason) {
        boolean closing = lots.requestClose(handle, lotId);
        if (closing) {
            publishClosed(handle, tenant, List.of(lotId), reason);
        }
        return closing;
    }

    /** A lot with what was paid for it; empty when the tenant has no such lot. */
    public Optional<PaidLot> lot(Handle handle, UUID lotId) {
        return lots.findPaid(handle, lotId);
    }

    /** The lot that an invoice of a provider paid for. */
    public Optional<PaidLot> lotPaidBy(Handle handle, String provider, String invoiceId) {
        return lots.findPaidBy(handle, provider, invoiceId);
    }

    /**
     * Grants credits that never expire on a platform admin's decision, with an audit entry in the same transaction.
     *
     * @param idempotencyKey what the admin's client named its request, or null; the same name grants once, for ever
     */
    CreditLot adjust(TenantId tenant, CreditAdjustmentRequest request, Caller admin, @Nullable String idempotencyKey) {
        String occasion = idempotencyKey == null ? Ids.next().toString() : admin.subject() + ":" + idempotencyKey;
        CreditGrant grant = new CreditGrant(
                CreditSource.ADJUSTMENT,
                "adjustment:" + occasion,
                request.credits(),
                null,
                request.reason(),
                admin.actor());
        return database.inTenant(tenant, handle -> grantLot(handle, tenant, grant)
                .map(lot -> audited(handle, tenant, lot, admin))
                .orElseGet(() -> lots.find(handle, grant.grantKey()).orElseThrow()));
    }

    private CreditLot audited(Handle handle, TenantId tenant, CreditLot lot, Caller admin) {
        audit.record(
                handle,
                admin,
                tenant,
                new AuditEntry("credits.adjust", "credit-lot", lot.id().toString(), null, lot, lot.reason()));
        return lot;
    }

    private void publishClosed(Handle handle, TenantId tenant, List<UUID> closing, String reason) {
        closing.forEach(lotId -> outbox.append(handle, tenant, new CreditsClosed(tenant, lotId, reason)));
    }
}
