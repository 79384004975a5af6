package dev.parley.billing.history;

import dev.parley.billing.credit.CreditLot;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.billing.usage.UsageService;
import dev.parley.billing.usage.UsedByOperation;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the ledger together with the lots and the usage that its entries are about. */
@ApplicationScoped
class HistoryService {
    private final Database database;
    private final LedgerService ledger;
    private final CreditService credits;
    private final UsageService usage;

    HistoryService(Database database, LedgerService ledger, CreditService credits, UsageService usage) {
        this.database = database;
        this.ledger = ledger;
        this.credits = credits;
        this.usage = usage;
    }

    Page<HistoryEntry> list(TenantId tenant, @Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        return database.inTenant(tenant, handle -> {
            List<LedgerService.Entry> entries = ledger.entries(handle, before, size + 1);
            Map<UUID, CreditLot> lots = credits.lots(
                    handle,
                    entries.stream()
                            .map(LedgerService.Entry::lotId)
                            .filter(Objects::nonNull)
                            .toList());
            Map<UUID, UsedByOperation> used = usage.ofOperations(
                    handle,
                    entries.stream()
                            .map(LedgerService.Entry::operationId)
                            .filter(Objects::nonNull)
                            .toList());
            return Page.of(entries, size, entry -> entry.id().toString())
                    .map(entry -> HistoryEntry.of(
                            entry,
                            entry.lotId() == null ? null : lots.get(entry.lotId()),
                            entry.operationId() == null ? null : used.get(entry.operationId())));
        });
    }
}
