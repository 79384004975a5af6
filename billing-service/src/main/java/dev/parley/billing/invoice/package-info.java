/** The invoices of payment providers as they reported them; other features store through InvoiceService. */
@NullMarked
package dev.parley.billing.invoice;

import org.jspecify.annotations.NullMarked;
