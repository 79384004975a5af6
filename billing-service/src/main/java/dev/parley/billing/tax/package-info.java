/** Which taxes an amount contains; pure rules over who sells to whom. */
@NullMarked
package dev.parley.billing.tax;

import org.jspecify.annotations.NullMarked;
