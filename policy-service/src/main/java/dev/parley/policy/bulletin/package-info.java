/** What the replicas of this service tell each other at once, through the database; every feature with a memory listens. */
@NullMarked
package dev.parley.policy.bulletin;

import org.jspecify.annotations.NullMarked;
