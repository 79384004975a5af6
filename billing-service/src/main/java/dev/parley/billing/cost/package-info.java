/** What runs of models cost us; the revenue report compares it with what customers pay. */
@NullMarked
package dev.parley.billing.cost;

import org.jspecify.annotations.NullMarked;
