package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice as its provider describes it.
 *
 * @param number the printed number; null while it is a draft
 * @param status draft, open, paid, void or uncollectible
 * @param kind what it charges
 * @param subscriptionId the subscription it belongs to, or null
 * @param paymentId the payment that paid it, or null when it is not paid or nothing was to pay
 * @param periodStart start of the time that was paid for
 * @param overages what of the total is overage of ours
 */
public record ProviderInvoice(
        String id,
        @Nullable String number,
        String status,
        Kind kind,
        Money total,
        @Nullable String subscriptionId,
        @Nullable String paymentId,
        Instant periodStart,
        Instant periodEnd,
        Instant issuedAt,
        @Nullable Instant paidAt,
        List<OverageLine> overages) {

    /** One without overage. */
    public ProviderInvoice(
            String id,
            @Nullable String number,
            String status,
            Kind kind,
            Money total,
            @Nullable String subscriptionId,
            @Nullable String paymentId,
            Instant periodStart,
            Instant periodEnd,
            Instant issuedAt,
            @Nullable Instant paidAt) {
        this(
                id,
                number,
                status,
                kind,
                total,
                subscriptionId,
                paymentId,
                periodStart,
                periodEnd,
                issuedAt,
                paidAt,
                List.of());
    }

    /**
     * Overage that an invoice charges.
     *
     * @param chargeId from the order
     * @param description as it was ordered
     */
    public record OverageLine(UUID chargeId, String description, Money amount) {}

    /** What an invoice charges. Only a paid period brings a plan's credits. */
    public enum Kind {
        /** A period of a subscription: the first one or a renewal. */
        PERIOD,
        /** The difference of prices after a change of plan within a period. */
        CHANGE,
        /** Anything else. */
        OTHER
    }

    /** What it charges besides overage: for a period, or for a change of plan. */
    public Money withoutOverage() {
        long overage =
                overages.stream().mapToLong(line -> line.amount().amount()).sum();
        return new Money(total.amount() - overage, total.currency());
    }

    /** Whether the provider has the money. */
    public boolean isPaid() {
        return status.equals("paid");
    }
}
