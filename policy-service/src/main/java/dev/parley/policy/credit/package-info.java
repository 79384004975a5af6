/** The credits of a tenant: lots, the balance that derives from them, and the proof that both agree. */
@NullMarked
package dev.parley.policy.credit;

import org.jspecify.annotations.NullMarked;
