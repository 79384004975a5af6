package dev.parley.billing.reconciliation;

import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the payment provider says of one tenant.
 *
 * @param subscription null when it does not know it
 * @param invoices by id, those that it knows of the ones that were asked for
 */
record ProviderSays(@Nullable ProviderSubscription subscription, Map<String, ProviderInvoice> invoices) {}
