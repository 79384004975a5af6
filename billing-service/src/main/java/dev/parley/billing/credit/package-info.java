/** Credit lots: granted once, closed once; other features grant and close through CreditService. */
@NullMarked
package dev.parley.billing.credit;

import org.jspecify.annotations.NullMarked;
