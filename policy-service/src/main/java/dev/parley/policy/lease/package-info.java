/** Slices of tenants' credits that this replica serves holds from in memory; decisions and ends of holds use them. */
@NullMarked
package dev.parley.policy.lease;

import org.jspecify.annotations.NullMarked;
