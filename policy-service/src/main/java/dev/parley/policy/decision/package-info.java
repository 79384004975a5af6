/** Answers whether an operation may run, keeps the decision log and explains refusals. */
@NullMarked
package dev.parley.policy.decision;

import org.jspecify.annotations.NullMarked;
