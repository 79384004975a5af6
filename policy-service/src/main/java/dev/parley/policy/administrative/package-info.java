/** Decides about changes that platform staff want to make to a tenant's credits and payments. */
@NullMarked
package dev.parley.policy.administrative;

import org.jspecify.annotations.NullMarked;
