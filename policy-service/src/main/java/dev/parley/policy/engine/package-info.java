/** The rules of a decision, pure and without I/O; used by every feature that must know whether something is allowed. */
@NullMarked
package dev.parley.policy.engine;

import org.jspecify.annotations.NullMarked;
