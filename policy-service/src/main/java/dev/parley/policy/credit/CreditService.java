package dev.parley.policy.credit;

import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.engine.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps the lots of each tenant and the balance that derives from them. */
@ApplicationScoped
public class CreditService {
    private final Database database;
    private final CreditRepository repository;
    private final Outbox outbox;
    private final Bulletin bulletin;

    CreditService(Database database, CreditRepository repository, Outbox outbox, Bulletin bulletin) {
        this.database = database;
        this.repository = repository;
        this.outbox = outbox;
        this.bulletin = bulletin;
    }

    /** The balance and the open lots, all as of one moment. */
    CreditsResponse credits(TenantId tenant) {
        return database.inTenant(tenant, handle -> repository.statement(handle, tenant));
    }

    /** The balance and all lots, closed ones too, all as of one moment. */
    BalancesResponse balances(TenantId tenant) {
        return database.inTenant(tenant, handle -> repository.balances(handle, tenant));
    }

    /** Where the credits and quotas of these tenants stand now; without those that have no account. */
    public Map<TenantId, Standing> standings(Collection<TenantId> tenants) {
        return database.acrossTenants(handle -> repository.standings(handle, tenants));
    }

    /** Where the tenant's credits and quotas stand now; all zero for an unknown tenant. */
    public Account account(Handle handle, TenantId tenant) {
        return repository.find(handle, tenant).orElse(Account.NONE);
    }

    /**
     * Notes that the tenant's terms changed: no hold is taken on older ones from here on, its leases end with this
     * transaction, and every replica hears of it.
     */
    public void termsChanged(Handle handle, TenantId tenant) {
        repository.raisePolicyVersion(handle, tenant);
        afterTermsChanged(handle, tenant);
    }

    /** As {@link #termsChanged(Handle, TenantId)}, with the period that the new terms belong to. */
    public void termsChanged(Handle handle, TenantId tenant, @Nullable Instant start, @Nullable Instant end) {
        repository.startPeriod(handle, tenant, start, end);
        afterTermsChanged(handle, tenant);
    }

    private void afterTermsChanged(Handle handle, TenantId tenant) {
        repository.endLeases(handle, tenant);
        bulletin.tellTermsChanged(handle, tenant);
    }

    /** Adds a lot once; overage from before is paid from it. */
    public void grant(Handle handle, TenantId tenant, CreditsGranted grant) {
        if (grant.credits() < 0) {
            throw new IllegalArgumentException("a lot of negative credits");
        }
        repository.lock(handle, tenant);
        Optional<Boolean> closed = repository.isClosed(handle, tenant, grant.lotId());
        if (closed.isEmpty()) {
            repository.drain(handle, tenant);
            repository.addLot(handle, tenant, grant);
            repository.drain(handle, tenant);
        } else if (closed.get() && repository.fillClosedLot(handle, tenant, grant)) {
            outbox.append(handle, tenant, new LotClosed(tenant, grant.lotId(), grant.credits(), null));
        }
    }

    /**
     * Ends a lot once: what is unspent of it leaves the balance. A lot not granted yet will be void. One whose price goes
     * back gives only what no hold and no lease needs: that money would be given back for credits which are spent after.
     */
    public void close(Handle handle, TenantId tenant, CreditsClosed closed) {
        Account before = repository.lock(handle, tenant);
        Optional<Boolean> known = repository.isClosed(handle, tenant, closed.lotId());
        if (known.isEmpty()) {
            repository.addClosedLot(handle, tenant, closed);
        } else if (!known.get() && closed.isRefund()) {
            giveBack(handle, tenant, closed, before.committed());
        } else if (!known.get()) {
            closeOpen(handle, tenant, closed.lotId(), closed.reason());
        }
    }

    /** Ends a lot when all that is left of it is free; else takes what is free out of it, once. */
    private void giveBack(Handle handle, TenantId tenant, CreditsClosed closed, Standing standing) {
        UUID lot = closed.lotId();
        repository.drain(handle, tenant);
        long remaining = repository.remaining(handle, tenant, lot);
        Optional<CreditsTaken> before = repository.findWithdrawal(handle, tenant, lot);
        if (before.isPresent()) {
            outbox.append(
                    handle, tenant, new LotClosed(tenant, lot, before.get().credits(), remaining));
            return;
        }
        long free = Math.clamp(standing.available() - standing.held(), 0, remaining);
        if (free == remaining) {
            closeOpen(handle, tenant, lot, closed.reason());
            return;
        }
        repository.takeFrom(handle, tenant, lot, free);
        repository.addWithdrawal(
                handle, new CreditsTaken(tenant, lot, free, List.of(new CreditsTaken.Part(lot, free))));
        outbox.append(handle, tenant, new LotClosed(tenant, lot, free, remaining - free));
    }

    /**
     * Takes back up to that many unspent credits that no hold needs, once per withdrawal, and says how many there were;
     * those that cost the tenant nothing go first.
     */
    public void withdraw(Handle handle, TenantId tenant, CreditsWithdrawn withdrawn) {
        Account before = repository.lock(handle, tenant);
        Optional<CreditsTaken> known = repository.findWithdrawal(handle, tenant, withdrawn.withdrawalId());
        if (known.isPresent()) {
            outbox.append(handle, tenant, known.get());
            return;
        }
        repository.drain(handle, tenant);
        Standing standing = before.committed();
        long free = Math.max(0, standing.available() - standing.held());
        List<CreditsTaken.Part> parts =
                repository.take(handle, tenant, Math.min(Math.max(0, withdrawn.credits()), free));
        long taken = parts.stream().mapToLong(CreditsTaken.Part::credits).sum();
        CreditsTaken answer = new CreditsTaken(tenant, withdrawn.withdrawalId(), taken, parts);
        repository.addWithdrawal(handle, answer);
        outbox.append(handle, tenant, answer);
    }

    /** Closes the tenant's lots whose time is over. */
    void closeDue(TenantId tenant) {
        database.useTenant(tenant, handle -> {
            repository.lock(handle, tenant);
            repository.dueLots(handle, tenant).forEach(lot -> closeOpen(handle, tenant, lot, "expired"));
        });
    }

    /** The tenants for which {@link #closeDue} has work. */
    List<TenantId> tenantsWithDueLots() {
        return database.acrossTenants(repository::tenantsWithDueLots);
    }

    /** How many balances that moved within the hour disagree with their lots and holds: 0, or something is wrong. */
    long drifting() {
        return database.acrossTenants(repository::drifting);
    }

    private void closeOpen(Handle handle, TenantId tenant, UUID lot, @Nullable String reason) {
        repository.drain(handle, tenant);
        long unspent = repository.closeLot(handle, tenant, lot, reason);
        if (repository.find(handle, tenant).orElse(Account.NONE).leased() > 0) {
            bulletin.tellRecalled(handle, tenant);
        }
        outbox.append(handle, tenant, new LotClosed(tenant, lot, unspent, null));
    }
}
