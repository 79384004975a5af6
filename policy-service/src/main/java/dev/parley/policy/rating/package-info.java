/** Turns quantities into credits: the only place that does, pure and without I/O. */
@NullMarked
package dev.parley.policy.rating;

import org.jspecify.annotations.NullMarked;
