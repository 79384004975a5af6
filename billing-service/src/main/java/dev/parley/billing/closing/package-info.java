/** Closes the ledger day by day and proves that closed days are as they were; nothing else writes closes. */
@NullMarked
package dev.parley.billing.closing;

import org.jspecify.annotations.NullMarked;
