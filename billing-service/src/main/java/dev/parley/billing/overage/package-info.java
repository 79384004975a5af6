/** Overage that is charged: a period's debt is frozen, ordered at the provider, and paid by a lot once it has the money. */
@NullMarked
package dev.parley.billing.overage;

import org.jspecify.annotations.NullMarked;
