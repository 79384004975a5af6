/** Razorpay, through its HTTP API: subscriptions on its hosted checkout (ADR 0015). */
@NullMarked
package dev.parley.billing.payment.razorpay;

import org.jspecify.annotations.NullMarked;
