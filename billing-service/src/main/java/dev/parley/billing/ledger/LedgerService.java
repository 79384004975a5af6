package dev.parley.billing.ledger;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

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

    /** The tenant's balance of an account, in credits; zero when it has no entries. */
    public long balance(TenantId tenant, LedgerAccount account) {
        return database.inTenant(tenant, ledger::balances).getOrDefault(account.code(), 0L);
    }

    OperationSteps steps(TenantId tenant, UUID operationId) {
        return new OperationSteps(database.inTenant(tenant, handle -> ledger.steps(handle, operationId)));
    }
}
