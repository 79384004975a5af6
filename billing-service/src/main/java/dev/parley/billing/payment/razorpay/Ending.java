package dev.parley.billing.payment.razorpay;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;

/**
 * A subscription that shall end with its period.
 *
 * @param told whether Razorpay knows, which is for good
 */
record Ending(TenantId tenant, String subscriptionId, Instant endsAt, boolean told) {}
