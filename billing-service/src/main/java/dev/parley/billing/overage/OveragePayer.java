package dev.parley.billing.overage;

/**
 * Whom overage is charged to.
 *
 * @param ownInvoice whether it needs an invoice of its own, because none of the subscription's follows
 */
public record OveragePayer(String provider, String customerId, String subscriptionId, boolean ownInvoice) {}
