package dev.parley.billing.closing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether closed days are as they were when they were closed.
 *
 * @param days closes that were looked at
 * @param head the hash of the newest close, which the audit trail holds too; null when nothing is closed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LedgerVerification(
        boolean intact,
        long days,
        long transfers,
        @Nullable LocalDate lastDay,
        @Nullable String head,
        List<Finding> findings) {

    /**
     * What is wrong with a day.
     *
     * @param fault TRANSFER_ALTERED, TRANSFER_DELETED, TRANSFER_INSERTED, CLOSE_ALTERED, CHAIN_BROKEN or NOT_PROVEN (the
     *     close itself says that it found a fault)
     */
    record Finding(LocalDate day, String fault, long expectedTransfers, long foundTransfers) {}

    /** Compares closes, in their order, with what the transfers come to now. */
    static LedgerVerification of(String tenant, List<LedgerClose> closes, Map<LocalDate, DayTotal> totals) {
        List<Finding> findings = new ArrayList<>();
        long transfers = 0;
        LedgerClose before = null;
        for (LedgerClose close : closes) {
            DayTotal total = totals.get(close.day());
            long found = total == null ? 0 : total.transfers();
            transfers += found;
            if (total == null || !total.digest().equals(close.digest())) {
                String fault = found == close.transfers()
                        ? "TRANSFER_ALTERED"
                        : found < close.transfers() ? "TRANSFER_DELETED" : "TRANSFER_INSERTED";
                findings.add(new Finding(close.day(), fault, close.transfers(), found));
            }
            if (!close.hash().equals(close.hashFor(tenant))) {
                findings.add(new Finding(close.day(), "CLOSE_ALTERED", close.transfers(), found));
            }
            if (!close.follows(before)) {
                findings.add(new Finding(close.day(), "CHAIN_BROKEN", close.transfers(), found));
            }
            if (!close.faults().isEmpty()) {
                findings.add(new Finding(close.day(), "NOT_PROVEN", close.transfers(), found));
            }
            before = close;
        }
        LocalDate last = before == null ? null : before.day();
        List<LocalDate> closed = closes.stream().map(LedgerClose::day).toList();
        totals.forEach((day, total) -> {
            if (last != null && day.isBefore(last) && !closed.contains(day)) {
                findings.add(new Finding(day, "TRANSFER_INSERTED", 0, total.transfers()));
            }
        });
        return new LedgerVerification(
                findings.isEmpty(), closes.size(), transfers, last, before == null ? null : before.hash(), findings);
    }
}
