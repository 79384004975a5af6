/** Prints simple documents as PDF, in any script that the embedded fonts have. */
@NullMarked
package dev.parley.billing.pdf;

import org.jspecify.annotations.NullMarked;
