/** Checkouts: the intent first, then the provider, then the page to pay on. */
@NullMarked
package dev.parley.billing.checkout;

import org.jspecify.annotations.NullMarked;
