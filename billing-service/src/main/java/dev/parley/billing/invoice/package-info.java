/** Our invoices over what payment providers charge; other features store through InvoiceService. */
@NullMarked
package dev.parley.billing.invoice;

import org.jspecify.annotations.NullMarked;
