package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.UUID;

/**
 * What was used beyond the credits of a period shall be charged. The same charge is always ordered with the same members,
 * but for the invoice: what was to be carried gets an invoice of its own once nothing follows that could carry it.
 *
 * @param chargeId names the charge for ever: the idempotency key, and kept with the item at the provider
 * @param customerId the provider's customer
 * @param subscriptionId whose next invoice carries it
 * @param amount above zero
 * @param description what stands on the invoice
 * @param ownInvoice whether it gets an invoice of its own, because the subscription has ended
 * @param orderedAt when the charge was decided on: it was never ordered before
 */
public record OverageOrder(
        UUID chargeId,
        String customerId,
        String subscriptionId,
        Money amount,
        String description,
        boolean ownInvoice,
        Instant orderedAt) {}
