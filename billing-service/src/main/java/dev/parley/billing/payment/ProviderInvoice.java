package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invoice as its provider describes it.
 *
 * @param number the printed number; null while it is a draft
 * @param status draft, open, paid, void or uncollectible
 * @param subscriptionId the subscription it belongs to, or null
 * @param periodStart start of the time that was paid for
 */
public record ProviderInvoice(
        String id,
        @Nullable String number,
        String status,
        Money total,
        @Nullable String subscriptionId,
        Instant periodStart,
        Instant periodEnd,
        Instant issuedAt,
        @Nullable Instant paidAt) {

    /** Whether the provider has the money. */
    public boolean isPaid() {
        return status.equals("paid");
    }
}
