/** Which form of an answer a client wants; any feature may use it. */
@NullMarked
package dev.parley.billing.negotiation;

import org.jspecify.annotations.NullMarked;
