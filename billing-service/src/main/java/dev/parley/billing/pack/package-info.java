/** The catalogue of credit packs and their immutable versions; other features read it through CreditPackService. */
@NullMarked
package dev.parley.billing.pack;

import org.jspecify.annotations.NullMarked;
