/** Changes of plan: what they are, what they cost, and what they grant. */
@NullMarked
package dev.parley.billing.change;

import org.jspecify.annotations.NullMarked;
