package dev.parley.billing.payment;

import org.jspecify.annotations.Nullable;

/**
 * Ordered overage as its provider describes it.
 *
 * @param id the provider's name for what is charged
 * @param invoiceId the invoice that charges it, or null while it waits for the next one
 */
public record ProviderOverage(String id, @Nullable String invoiceId) {}
