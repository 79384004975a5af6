/** Calls to other services. */
@NullMarked
package dev.parley.billing.outbound;

import org.jspecify.annotations.NullMarked;
