/** Decides every allow and deny, and keeps the live balance of credits. */
@NullMarked
package dev.parley.policy;

import org.jspecify.annotations.NullMarked;
