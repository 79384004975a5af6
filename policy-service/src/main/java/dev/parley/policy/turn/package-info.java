/** What one tenant may do at once, so that enough of what all share is left for the others. */
@NullMarked
package dev.parley.policy.turn;

import org.jspecify.annotations.NullMarked;
