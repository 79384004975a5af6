package dev.parley.billing.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.credit.CreditLot;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.billing.usage.UsedByOperation;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the ledger, as the API shows it.
 *
 * @param kind grant, usage, expiry, refund, payment-refund, correction or repair
 * @param credits added, or taken when below zero
 * @param balance what could be spent after it
 * @param lot the lot that was granted or ended, or null
 * @param usage which message of which agent it was, and each meter with its price; null for what was no usage
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HistoryEntry(
        UUID id,
        Instant at,
        String kind,
        long credits,
        long balance,
        @Nullable UUID operationId,
        @Nullable CreditLot lot,
        @Nullable UsedByOperation usage) {

    static HistoryEntry of(LedgerService.Entry entry, @Nullable CreditLot lot, @Nullable UsedByOperation usage) {
        return new HistoryEntry(
                entry.id(),
                entry.at(),
                entry.kind(),
                entry.credits(),
                entry.balance(),
                entry.operationId(),
                lot,
                usage);
    }
}
