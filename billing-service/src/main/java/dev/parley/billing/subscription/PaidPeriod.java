package dev.parley.billing.subscription;

import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.Plan;
import java.util.Set;

/**
 * A period of a subscription that its provider was paid for.
 *
 * @param plan the plan version that it was bought with; an upgrade since is charged and granted for itself
 * @param upgrades the occasions of what upgrades within the period have brought already
 */
public record PaidPeriod(ProviderInvoice invoice, Plan plan, Set<String> upgrades) {}
