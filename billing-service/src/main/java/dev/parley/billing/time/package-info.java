/** Times as clients write them; any feature may use it. */
@NullMarked
package dev.parley.billing.time;

import org.jspecify.annotations.NullMarked;
