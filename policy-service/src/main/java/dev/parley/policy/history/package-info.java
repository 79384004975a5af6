/** The decision log as people read it, and as a simulation makes its decisions again. */
@NullMarked
package dev.parley.policy.history;

import org.jspecify.annotations.NullMarked;
