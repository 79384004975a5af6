/** Aggregates over all tenants for platform admins. */
@NullMarked
package dev.parley.billing.revenue;

import org.jspecify.annotations.NullMarked;
