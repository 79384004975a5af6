package dev.parley.billing.usage;

import dev.parley.billing.ledger.LedgerService;
import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Books settled usage in the log and the ledger, each usage id and each operation once, and shows it. */
@ApplicationScoped
public class UsageService {
    private static final int CSV_LINES = 1_000;
    private static final Duration SUMMARY_REACH = Duration.ofDays(31);

    private final Database database;
    private final UsageRepository usage;
    private final LedgerService ledger;
    private final Audit audit;
    private final Clock clock;

    UsageService(Database database, UsageRepository usage, LedgerService ledger, Audit audit, Clock clock) {
        this.database = database;
        this.usage = usage;
        this.ledger = ledger;
        this.audit = audit;
        this.clock = clock;
    }

    /** Books operations of one tenant in two statements. Repeating it changes nothing. */
    public void settle(Handle handle, TenantId tenant, List<UsageSettled> settled) {
        usage.insert(handle, tenant, settled);
        ledger.consumed(
                handle,
                tenant,
                settled.stream()
                        .map(operation -> new LedgerService.Consumption(
                                operation.operationId(), operation.credits(), operation.settledAt()))
                        .toList());
    }

    Page<UsageLine> list(TenantId tenant, UsageFilter filter, @Nullable String cursor, @Nullable Integer limit) {
        UsageFilter.Position before = UsageFilter.Position.of(cursor);
        return database.inTenant(tenant, handle -> page(handle, filter, before, Cursor.limit(limit)));
    }

    /** Writes all lines that match as CSV, newest first, a thousand at a time: no more of it is ever in memory. */
    void writeCsv(TenantId tenant, UsageFilter filter, OutputStream out) throws IOException {
        UsageCsv csv = new UsageCsv(out);
        UsageFilter.Position before = null;
        List<UsageLine> lines;
        do {
            UsageFilter.Position from = before;
            lines = database.inTenant(tenant, handle -> usage.list(handle, filter, from, CSV_LINES));
            for (UsageLine line : lines) {
                csv.write(line);
                before = new UsageFilter.Position(line.at(), line.usageId());
            }
            csv.flush();
        } while (lines.size() == CSV_LINES);
    }

    /** The same for platform staff, with an audit entry that holds the reason. */
    Page<UsageLine> inspect(
            TenantId tenant,
            UsageFilter filter,
            @Nullable String cursor,
            @Nullable Integer limit,
            Caller admin,
            AccessReason why) {
        UsageFilter.Position before = UsageFilter.Position.of(cursor);
        return database.inTenant(tenant, handle -> {
            audit.record(handle, admin, tenant, AuditEntry.look("usage.read", "usage", tenant.toString(), why));
            return page(handle, filter, before, Cursor.limit(limit));
        });
    }

    private Page<UsageLine> page(Handle handle, UsageFilter filter, UsageFilter.@Nullable Position before, int limit) {
        return Page.of(usage.list(handle, filter, before, limit + 1), limit, UsageLine::position);
    }

    /** Books an operation of the log whose entry in the ledger is missing; nothing when it is there. */
    public void bookUsage(Handle handle, TenantId tenant, UUID operationId) {
        ledger.consumed(
                handle, tenant, usage.consumption(handle, operationId).stream().toList());
    }

    /** What each of some operations used; those that are not in the log are left out. */
    public Map<UUID, UsedByOperation> ofOperations(Handle handle, List<UUID> operations) {
        return operations.isEmpty() ? Map.of() : usage.ofOperations(handle, operations);
    }

    /** Sums up; the last 31 days unless told from when. */
    UsageSummary summary(TenantId tenant, UsageFilter asked, UsageGroup group) {
        UsageFilter filter = asked.from() != null
                ? asked
                : new UsageFilter(clock.instant().minus(SUMMARY_REACH), asked.to(), asked.agent(), asked.channel());
        List<UsageSummary.Item> items = database.inTenant(tenant, handle -> usage.sum(handle, filter, group));
        long credits = items.stream().mapToLong(UsageSummary.Item::credits).sum();
        return new UsageSummary(group.name().toLowerCase(Locale.ROOT), credits, items);
    }
}
