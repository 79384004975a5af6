/** Reserves credits before a billable call and settles, releases or expires the reservation after it. */
@NullMarked
package dev.parley.policy.hold;

import org.jspecify.annotations.NullMarked;
