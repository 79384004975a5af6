/** The platform's own rules: versions that never change, one of them in force; every feature that decides asks here. */
@NullMarked
package dev.parley.policy.rules;

import org.jspecify.annotations.NullMarked;
