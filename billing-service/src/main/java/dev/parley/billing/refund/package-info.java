/** Refunds of what is unspent of paid credits: the lot is closed first, then the provider gives the share back. */
@NullMarked
package dev.parley.billing.refund;

import org.jspecify.annotations.NullMarked;
