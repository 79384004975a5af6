package dev.parley.billing.credit;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Grants and closes lots of credits; each grant and each end is booked and published in the same transaction. */
@ApplicationScoped
public class CreditService {
    private final Database database;
    private final CreditRepository lots;
    private final LedgerService ledger;
    private final Outbox outbox;
    private final TenantClock clock;

    CreditService(Database database, CreditRepository lots, LedgerService ledger, Outbox outbox, TenantClock clock) {
        this.database = database;
        this.lots = lots;
        this.ledger = ledger;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Grants credits unless this occasion was granted before; returns the lot if it did. */
    public Optional<CreditLot> grant(Handle handle, TenantId tenant, CreditGrant grant) {
        Optional<CreditLot> lot = insert(handle, tenant, grant);
        lot.ifPresent(made -> ledger.granted(handle, tenant, made.id(), made.credits()));
        return lot;
    }

    /** Gives back what an operation was charged, as a lot that never expires, once per operation. */
    public Optional<CreditLot> refund(
            Handle handle, TenantId tenant, UUID operationId, long credits, String reason, String by) {
        Optional<CreditLot> lot = insert(
                handle,
                tenant,
                new CreditGrant(CreditSource.REFUND, "refund:" + operationId, credits, null, reason, by));
        lot.ifPresent(made -> ledger.refunded(handle, tenant, made.id(), operationId, credits));
        return lot;
    }

    private Optional<CreditLot> insert(Handle handle, TenantId tenant, CreditGrant grant) {
        UUID lotId = Ids.next();
        if (grant.credits() == 0 || !lots.insert(handle, tenant, lotId, grant)) {
            return Optional.empty();
        }
        outbox.append(
                handle,
                tenant,
                new CreditsGranted(tenant, lotId, grant.source(), grant.credits(), grant.expiresAt(), grant.reason()));
        return Optional.of(new CreditLot(lotId, grant.source(), grant.credits(), grant.expiresAt(), grant.reason()));
    }

    /** Whether an occasion was granted, ended meanwhile or not. */
    public boolean isGranted(Handle handle, String grantKey) {
        return lots.isGranted(handle, grantKey);
    }

    /** Ends what is unspent of the tenant's trial and plan lots, except the lots of some occasions. */
    public void closePlanLots(Handle handle, TenantId tenant, Set<String> exceptGrantKeys, String reason) {
        publishClosed(handle, tenant, lots.requestCloseOfPlanLots(handle, exceptGrantKeys, reason), reason);
    }

    /** Ends all of the tenant's trial and plan lots. */
    public void closeAllPlanLots(Handle handle, TenantId tenant, String reason) {
        closePlanLots(handle, tenant, Set.of(), reason);
    }

    /** Books what policy says was left of a lot. Repeating it changes nothing. */
    public void lotClosed(Handle handle, TenantId tenant, UUID lotId, long unspent) {
        if (!lots.close(handle, lotId, unspent)) {
            throw new IllegalStateException("policy closed a lot that was never granted: " + lotId);
        }
        bookEnd(handle, tenant, lotId, unspent);
    }

    /**
     * Books what policy says could be given back of a lot whose price goes back, when it keeps the rest open for whoever
     * uses it. Repeating it changes nothing.
     */
    public void lotReduced(Handle handle, TenantId tenant, UUID lotId, long free) {
        if (lots.keepRest(handle, lotId, free)) {
            ledger.partRefunded(handle, tenant, lotId, free);
        }
    }

    /** Books the end of a lot by what ended it: time, or a refund of its price. Repeating it changes nothing. */
    public void bookEnd(Handle handle, TenantId tenant, UUID lotId, long unspent) {
        if (lots.isRefunded(handle, lotId)) {
            ledger.paymentRefunded(handle, tenant, lotId, unspent);
        } else {
            ledger.expired(handle, tenant, lotId, unspent);
        }
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

    /** Ends a lot because its price goes back; false when it is ending or has ended already, or is not there. */
    public boolean refundLot(Handle handle, TenantId tenant, UUID lotId) {
        boolean closing = lots.requestClose(handle, lotId, CreditRepository.REFUNDED);
        if (closing) {
            publishClosed(handle, tenant, List.of(lotId), CreditRepository.REFUNDED);
        }
        return closing;
    }

    /** Whether the price of a plan's lot that lasts until then went back, or was to. */
    public boolean isAnyPlanLotRefunded(Handle handle, Instant expiresAt) {
        return lots.isAnyPlanLotRefunded(handle, expiresAt);
    }

    /** A lot with what was paid for it; empty when the tenant has no such lot. */
    public Optional<PaidLot> lot(Handle handle, UUID lotId) {
        return lots.findPaid(handle, lotId);
    }

    /** The lot that an invoice of a provider paid for. */
    public Optional<PaidLot> lotPaidBy(Handle handle, String provider, String invoiceId) {
        return lots.findPaidBy(handle, provider, invoiceId);
    }

    /** The lots with these ids. */
    public Map<UUID, CreditLot> lots(Handle handle, List<UUID> ids) {
        return ids.isEmpty() ? Map.of() : lots.find(handle, ids);
    }

    /** Notes that some of a lot was taken back. */
    public void taken(Handle handle, UUID lotId, long credits) {
        lots.take(handle, lotId, credits);
    }

    /** Tells policy of a lot once more; it grants each lot once. */
    public void repeatGrant(Handle handle, TenantId tenant, UUID lotId) {
        CreditLot lot = lots.find(handle, List.of(lotId)).get(lotId);
        outbox.append(
                handle,
                tenant,
                new CreditsGranted(tenant, lot.id(), lot.source(), lot.credits(), lot.expiresAt(), lot.reason()));
    }

    /** Tells policy once more that a lot ends. */
    public void repeatClose(Handle handle, TenantId tenant, UUID lotId) {
        String reason = lots.closeReason(handle, lotId);
        publishClosed(handle, tenant, List.of(lotId), reason == null ? "reconciliation" : reason);
    }

    /** Books the grant of a lot whose entry is missing; nothing when it is there. */
    public void bookGrant(Handle handle, TenantId tenant, UUID lotId) {
        CreditLot lot = lots.find(handle, List.of(lotId)).get(lotId);
        ledger.granted(handle, tenant, lotId, lot.credits());
    }

    private void publishClosed(Handle handle, TenantId tenant, List<UUID> closing, String reason) {
        closing.forEach(lotId -> outbox.append(handle, tenant, new CreditsClosed(tenant, lotId, reason)));
    }
}
