/** Events from auth, billing and agents, handed to the features. */
@NullMarked
package dev.parley.policy.inbound;

import org.jspecify.annotations.NullMarked;
