/** The ledger as the customer reads it, entry by entry with what caused it. */
@NullMarked
package dev.parley.billing.history;

import org.jspecify.annotations.NullMarked;
