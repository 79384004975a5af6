/** Events from other services. */
@NullMarked
package dev.parley.billing.inbound;

import org.jspecify.annotations.NullMarked;
