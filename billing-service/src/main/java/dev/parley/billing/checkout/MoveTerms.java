package dev.parley.billing.checkout;

import dev.parley.billing.plan.Plan;
import java.time.Instant;

/**
 * What goes on at another provider.
 *
 * @param firstChargeAt the end of what is paid already
 * @param returnUrl where the customer goes from the page
 * @param reason why a platform admin moves the tenant
 */
public record MoveTerms(Plan plan, Instant firstChargeAt, String returnUrl, String reason) {}
