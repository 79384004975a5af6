/** Amounts of money; any feature may use it. */
@NullMarked
package dev.parley.billing.money;

import org.jspecify.annotations.NullMarked;
