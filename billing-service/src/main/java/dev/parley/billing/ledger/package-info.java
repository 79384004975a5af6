/** The double-entry ledger of credits, of record and append-only; other features book through LedgerService. */
@NullMarked
package dev.parley.billing.ledger;

import org.jspecify.annotations.NullMarked;
