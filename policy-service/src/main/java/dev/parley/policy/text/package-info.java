/** What texts from outside must be like. */
@NullMarked
package dev.parley.policy.text;

import org.jspecify.annotations.NullMarked;
