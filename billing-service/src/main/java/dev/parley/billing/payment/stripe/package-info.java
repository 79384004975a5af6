/** Stripe, through its official library. */
@NullMarked
package dev.parley.billing.payment.stripe;

import org.jspecify.annotations.NullMarked;
