package dev.parley.billing.lifecycle;

import dev.parley.billing.subscription.SubscriptionView;
import java.time.Instant;

/**
 * Where a tenant's clock stands, and what became of its subscription on the way.
 *
 * @param now the tenant's time
 */
record TestClockResponse(Instant now, SubscriptionView subscription) {}
