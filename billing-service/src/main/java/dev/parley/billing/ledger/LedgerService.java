package dev.parley.billing.ledger;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Books credits. Each source (a lot's grant, an operation's usage, a lot's end) is booked once, whoever repeats it. */
@ApplicationScoped
public class LedgerService {
    private final Database database;
    private final LedgerRepository ledger;
    private final Clock clock;

    LedgerService(Database database, LedgerRepository ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Books the credits of a new lot as available. */
    public void granted(Handle handle, TenantId tenant, UUID lotId, long credits) {
        ledger.insertAll(handle, tenant, List.of(LedgerTransfer.grant(lotId, credits, clock.instant())));
    }

    /** What an operation consumed. */
    public record Consumption(UUID operationId, long credits, Instant at) {}

    /** Books what operations consumed, in one round trip; one that cost nothing leaves no trace here. */
    public void consumed(Handle handle, TenantId tenant, List<Consumption> consumptions) {
        ledger.insertAll(
                handle,
                tenant,
                consumptions.stream()
                        .filter(consumption -> consumption.credits() > 0)
                        .map(consumption -> LedgerTransfer.usage(
                                consumption.operationId(), consumption.credits(), consumption.at()))
                        .toList());
    }

    /** Books what was left of a lot when it ended; nothing when it was spent. */
    public void expired(Handle handle, TenantId tenant, UUID lotId, long unspent) {
        if (unspent > 0) {
            ledger.insertAll(handle, tenant, List.of(LedgerTransfer.expiry(lotId, unspent, clock.instant())));
        }
    }

    /** Books what was left of a lot whose price goes back; nothing when it was spent. */
    public void paymentRefunded(Handle handle, TenantId tenant, UUID lotId, long unspent) {
        if (unspent > 0) {
            ledger.insertAll(handle, tenant, List.of(LedgerTransfer.paymentRefund(lotId, unspent, clock.instant())));
        }
    }

    /** Books a part of a lot whose price goes back while the rest is still in use; nothing when nothing was free. */
    public void partRefunded(Handle handle, TenantId tenant, UUID lotId, long credits) {
        if (credits > 0) {
            ledger.insertAll(handle, tenant, List.of(LedgerTransfer.partRefund(lotId, credits, clock.instant())));
        }
    }

    /** Books a lot that gives back what an operation was charged. */
    public void refunded(Handle handle, TenantId tenant, UUID lotId, UUID operationId, long credits) {
        ledger.insertAll(handle, tenant, List.of(LedgerTransfer.refund(lotId, operationId, credits, clock.instant())));
    }

    /** Books credits that were taken back; nothing when there was nothing to take. */
    public void takenBack(Handle handle, TenantId tenant, UUID adjustmentId, long credits) {
        if (credits > 0) {
            ledger.insertAll(
                    handle, tenant, List.of(LedgerTransfer.correction(adjustmentId, credits, clock.instant())));
        }
    }

    /** Puts an account right by a compensating entry, once per drift. */
    public void repaired(Handle handle, TenantId tenant, UUID driftId, LedgerAccount account, long difference) {
        ledger.insertAll(handle, tenant, List.of(LedgerTransfer.repair(driftId, account, difference, clock.instant())));
    }

    /** What an operation was charged; zero when it is not known or cost nothing. */
    public long charged(Handle handle, UUID operationId) {
        return ledger.charged(handle, operationId);
    }

    /** The tenant's balance of an account, in credits; zero when it has no entries. */
    public long balance(Handle handle, LedgerAccount account) {
        return ledger.balances(handle).getOrDefault(account.code(), 0L);
    }

    /**
     * One entry of the account {@code credits:available}.
     *
     * @param credits added to what can be spent, or taken from it when below zero
     * @param balance what could be spent after it
     * @param lotId the lot that it is about, or null
     */
    public record Entry(
            UUID id,
            Instant at,
            String kind,
            long credits,
            long balance,
            @Nullable UUID operationId,
            @Nullable UUID lotId) {}

    /** The entries before that one, the newest first; from the newest when null. */
    public List<Entry> entries(Handle handle, @Nullable UUID before, int limit) {
        return ledger.entries(handle, before, limit);
    }

    OperationSteps steps(TenantId tenant, UUID operationId) {
        return new OperationSteps(database.inTenant(tenant, handle -> ledger.steps(handle, operationId)));
    }
}
