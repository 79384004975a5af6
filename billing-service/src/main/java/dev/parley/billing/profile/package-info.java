/** Whom a tenant's invoices are made out to; other features read through ProfileService. */
@NullMarked
package dev.parley.billing.profile;

import org.jspecify.annotations.NullMarked;
