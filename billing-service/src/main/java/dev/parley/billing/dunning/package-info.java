/** Tells customers of payments that failed, and what happens when. */
@NullMarked
package dev.parley.billing.dunning;

import org.jspecify.annotations.NullMarked;
