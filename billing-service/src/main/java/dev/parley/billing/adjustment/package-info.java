/** Credits that staff grant, take back or refund by hand, each after policy has decided about it. */
@NullMarked
package dev.parley.billing.adjustment;

import org.jspecify.annotations.NullMarked;
