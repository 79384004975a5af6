/** Warns people by mail before and when their credits are used up. */
@NullMarked
package dev.parley.billing.warning;

import org.jspecify.annotations.NullMarked;
