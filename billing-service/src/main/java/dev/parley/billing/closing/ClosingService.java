package dev.parley.billing.closing;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Closes days that are over, in their order, and compares closed days with the ledger. */
@ApplicationScoped
class ClosingService {
    private static final Logger LOG = Logger.getLogger(ClosingService.class);
    private static final Caller BILLING =
            new Caller(null, "service:billing-service", "service", Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final ClosingRepository closes;
    private final Audit audit;
    private final ClosingConfig config;
    private final Clock clock;

    ClosingService(Database database, ClosingRepository closes, Audit audit, ClosingConfig config, Clock clock) {
        this.database = database;
        this.closes = closes;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** Up to 200 tenants that have days to close. */
    List<TenantId> tenantsToClose() {
        LocalDate today = openDay();
        return database.acrossTenants(relay -> closes.tenantsToClose(relay, today.minus(config.reach()), today, 200));
    }

    /** How many closes could not prove their day. */
    long faulty() {
        return database.acrossTenants(closes::faulty);
    }

    /** Closes the tenant's days that are over; returns how many. The audit trail holds each hash, as a second place. */
    int close(TenantId tenant) {
        return database.inTenant(tenant, handle -> {
            closes.lock(handle, tenant);
            Closing closing = new Closing(handle, tenant, closes.last(handle).orElse(null));
            DayTotal.Counter counter = new DayTotal.Counter(closing::close);
            LocalDate from =
                    closing.before == null ? null : closing.before.day().plusDays(1);
            closes.transfers(handle, from, openDay(), counter);
            counter.end();
            return closing.closed;
        });
    }

    /** Whether the tenant's closed days are as they were. */
    LedgerVerification verify(TenantId tenant) {
        return database.inTenant(tenant, handle -> verification(handle, tenant));
    }

    /** The same for platform staff, with an audit entry that holds the reason. */
    LedgerVerification inspect(TenantId tenant, Caller admin, AccessReason why) {
        return database.inTenant(tenant, handle -> {
            audit.record(handle, admin, tenant, AuditEntry.look("ledger.verify", "ledger", tenant.toString(), why));
            return verification(handle, tenant);
        });
    }

    private LedgerVerification verification(Handle handle, TenantId tenant) {
        Map<LocalDate, DayTotal> totals = new HashMap<>();
        DayTotal.Counter counter = new DayTotal.Counter(total -> totals.put(total.day(), total));
        List<LedgerClose> all = closes.closes(handle);
        closes.transfers(handle, null, openDay(), counter);
        counter.end();
        return LedgerVerification.of(tenant.toString(), all, totals);
    }

    /** The first day that may still get transfers: a transaction that began before midnight may end after it. */
    private LocalDate openDay() {
        return LocalDate.ofInstant(clock.instant().minus(config.after()), ZoneOffset.UTC);
    }

    /** One run over a tenant's days. */
    private final class Closing {
        private final Handle handle;
        private final TenantId tenant;
        private @Nullable LedgerClose before;
        private int closed;

        Closing(Handle handle, TenantId tenant, @Nullable LedgerClose before) {
            this.handle = handle;
            this.tenant = tenant;
            this.before = before;
        }

        void close(DayTotal total) {
            Proof.Figures figures = closes.figures(handle, total.day());
            List<LedgerClose.Fault> faults = Proof.faults(before, total, figures);
            LedgerClose close = LedgerClose.after(before, tenant.toString(), total, figures.entries(), faults);
            closes.insert(handle, tenant, close);
            audit.record(
                    handle,
                    BILLING,
                    tenant,
                    new AuditEntry(
                            "ledger.close",
                            "ledger",
                            close.day().toString(),
                            null,
                            Map.of("transfers", close.transfers(), "hash", close.hash(), "faults", faults),
                            null));
            if (!faults.isEmpty()) {
                LOG.errorf("the ledger of tenant %s cannot be proven for %s: %s", tenant, close.day(), faults);
            }
            before = close;
            closed++;
        }
    }
}
