/** The time of each tenant: ours, unless a test moved it forward. */
@NullMarked
package dev.parley.billing.clock;

import org.jspecify.annotations.NullMarked;
