/** Invoices that a tenant makes out to its own customers, and the reminders that they get. */
@NullMarked
package dev.parley.billing.customerinvoice;

import org.jspecify.annotations.NullMarked;
