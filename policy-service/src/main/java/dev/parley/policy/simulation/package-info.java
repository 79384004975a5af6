/** What decisions of the past would have been under a plan or rules that are only drafted; for platform admins. */
@NullMarked
package dev.parley.policy.simulation;

import org.jspecify.annotations.NullMarked;
