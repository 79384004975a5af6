/** Each tenant's subscription and its legal changes; other features change it through SubscriptionService. */
@NullMarked
package dev.parley.billing.subscription;

import org.jspecify.annotations.NullMarked;
