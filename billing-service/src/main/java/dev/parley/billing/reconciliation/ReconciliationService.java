package dev.parley.billing.reconciliation;

import dev.parley.billing.adjustment.AdjustmentService;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.ledger.LedgerAccount;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.billing.refund.RefundService;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.usage.UsageService;
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
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps runs and what they found, and makes the repairs that need nobody outside. */
@ApplicationScoped
class ReconciliationService {
    private static final Duration LONGEST_RUN = Duration.ofHours(6);
    private static final int MOST_DRIFTS = 1_000;

    private final Database database;
    private final ReconciliationRepository repository;
    private final UnheardRepository unheard;
    private final CreditService credits;
    private final LedgerService ledger;
    private final UsageService usage;
    private final SubscriptionService subscriptions;
    private final RefundService refunds;
    private final AdjustmentService adjustments;
    private final Audit audit;
    private final ReconciliationConfig config;

    ReconciliationService(
            Database database,
            ReconciliationRepository repository,
            UnheardRepository unheard,
            CreditService credits,
            LedgerService ledger,
            UsageService usage,
            SubscriptionService subscriptions,
            RefundService refunds,
            AdjustmentService adjustments,
            Audit audit,
            ReconciliationConfig config) {
        this.database = database;
        this.repository = repository;
        this.unheard = unheard;
        this.credits = credits;
        this.ledger = ledger;
        this.usage = usage;
        this.subscriptions = subscriptions;
        this.refunds = refunds;
        this.adjustments = adjustments;
        this.audit = audit;
        this.config = config;
    }

    /** Begins a run of all tenants for a night; empty when there is one that was not given up. */
    Optional<UUID> beginNight(LocalDate night) {
        UUID id = Ids.next();
        return database.global(handle -> {
            repository.abandon(handle, LONGEST_RUN);
            return repository.insert(handle, id, "night", night, null, "service:billing-service")
                    ? Optional.of(id)
                    : Optional.empty();
        });
    }

    /** Begins a run on demand, of one tenant or all. */
    Reconciliation begin(@Nullable UUID onlyFor, Caller admin) {
        UUID id = Ids.next();
        return database.inTenant(TenantId.PLATFORM, handle -> {
            repository.insert(handle, id, "demand", null, onlyFor, admin.actor());
            audit.record(
                    handle,
                    admin,
                    TenantId.PLATFORM,
                    new AuditEntry("reconciliation.start", "reconciliation", id.toString(), null, id, null));
            return repository.find(handle, id).orElseThrow();
        });
    }

    void finish(UUID id, long tenants, long notCompared, long drifts) {
        database.global(handle -> {
            repository.finish(handle, id, tenants, notCompared, drifts);
            return true;
        });
    }

    /** Ends a run that cannot go on. */
    void abandon(UUID id) {
        database.global(handle -> {
            repository.abandon(handle, id);
            return true;
        });
    }

    /** How many drifts the newest finished run over all tenants found. */
    long lastDrifts() {
        return database.global(repository::lastDrifts);
    }

    List<TenantId> tenants(UUID after, int limit) {
        return database.acrossTenants(relay -> repository.tenants(relay, after, limit));
    }

    Books books(TenantId tenant) {
        return database.inTenant(tenant, handle -> repository.books(handle, config.reach(), config.patience()));
    }

    /** What of a provider's lists our books do not tell of, of any tenant. */
    List<Unheard> unheard(List<Listed> listed) {
        return database.acrossTenants(relay -> unheard.unheard(relay, listed));
    }

    /** The same of one tenant; of a subscription that is not known its invoices say nothing more. */
    List<Finding> unheard(TenantId tenant, List<Listed> listed) {
        if (listed.isEmpty()) {
            return List.of();
        }
        List<Unheard> found = database.inTenant(tenant, handle -> unheard.unheard(handle, listed));
        Set<String> subscriptions = found.stream()
                .filter(one -> one.listed().kind() == Listed.Kind.SUBSCRIPTION)
                .map(one -> one.listed().name())
                .collect(Collectors.toSet());
        return found.stream()
                .filter(one -> one.listed().kind() != Listed.Kind.INVOICE
                        || !subscriptions.contains(
                                one.listed().provider() + ":" + one.listed().subscription()))
                .map(Unheard::finding)
                .toList();
    }

    void store(TenantId tenant, UUID reconciliation, List<Finding> findings) {
        database.useTenant(tenant, handle -> {
            List<UUID> ids = repository.store(handle, tenant, reconciliation, findings);
            for (int i = 0; i < ids.size(); i++) {
                if (findings.get(i).repair() == Repair.COMPENSATE) {
                    adjustments.askForAnEcho(handle, tenant, ids.get(i));
                }
            }
        });
    }

    Page<Reconciliation> list(@Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        return Page.of(database.global(handle -> repository.list(handle, before, size + 1)), size, run -> run.id()
                .toString());
    }

    /** A run with up to a thousand of its drifts. */
    Reconciliation get(UUID id) {
        Reconciliation run = database.global(handle -> repository.find(handle, id))
                .orElseThrow(() -> new Problem(ReconciliationProblem.RECONCILIATION_NOT_FOUND));
        return run.with(database.acrossTenants(relay -> repository.drifts(relay, id, MOST_DRIFTS)));
    }

    /** Notes that a drift was not there any more when it was to be repaired. */
    void gone(Drift drift, Caller admin, String reason) {
        end(drift, admin, reason, "gone", handle -> {});
    }

    /** Makes a repair of our own books or repeats what policy was told, once. */
    void repair(Drift drift, Caller admin, String reason) {
        end(drift, admin, reason, "repaired", handle -> carryOut(handle, drift));
    }

    /** Work of a repair. */
    private interface Effect {
        void in(Handle handle);
    }

    private void end(Drift drift, Caller admin, String reason, String state, Effect effect) {
        TenantId tenant = drift.tenantId();
        database.useTenant(tenant, handle -> {
            if (repository.lockOpen(handle, drift.id()).isEmpty()) {
                return;
            }
            effect.in(handle);
            repository.end(handle, drift.id(), state, admin.actor());
            audit.record(
                    handle,
                    admin,
                    tenant,
                    new AuditEntry("reconciliation.repair", "drift", drift.id().toString(), drift, state, reason));
        });
    }

    private void carryOut(Handle handle, Drift drift) {
        TenantId tenant = drift.tenantId();
        switch (drift.repair()) {
            case BOOK -> book(handle, drift);
            case COMPENSATE ->
                ledger.repaired(
                        handle,
                        tenant,
                        drift.id(),
                        LedgerAccount.AVAILABLE,
                        Math.subtractExact(Long.parseLong(drift.found()), Long.parseLong(drift.expected())));
            case REPEAT_GRANT -> credits.repeatGrant(handle, tenant, UUID.fromString(drift.subject()));
            case REPEAT_CLOSE -> credits.repeatClose(handle, tenant, UUID.fromString(drift.subject()));
            case REPEAT_WITHDRAWAL -> adjustments.repeat(handle, tenant, UUID.fromString(drift.subject()));
            case REPEAT_SUBSCRIPTION -> subscriptions.repeat(handle, tenant);
            case CLOSE_LOT -> credits.refundLot(handle, tenant, UUID.fromString(drift.subject()));
            case FETCH_AND_APPLY, CANCEL -> {
                // The provider was asked and its answer applied before.
            }
            case NONE -> throw new IllegalStateException("a person must look at " + drift.kind());
        }
    }

    private void book(Handle handle, Drift drift) {
        TenantId tenant = drift.tenantId();
        if (drift.kind().equals("LOT_END_NOT_BOOKED")) {
            long unspent = Long.parseLong(drift.found().split(" ", 2)[0]);
            credits.lotClosed(handle, tenant, UUID.fromString(drift.subject()), unspent);
            refunds.lotClosed(handle, UUID.fromString(drift.subject()), unspent);
            return;
        }
        String[] source = drift.subject().split(":", 2);
        UUID id = UUID.fromString(source[1]);
        long missing = Long.parseLong(drift.expected());
        switch (source[0]) {
            case "grant", "refund" -> credits.bookGrant(handle, tenant, id);
            case "expiry" -> credits.bookEnd(handle, tenant, id, missing);
            case "usage" -> usage.bookUsage(handle, tenant, id);
            default -> throw new IllegalStateException("no such entry: " + drift.subject());
        }
    }
}
