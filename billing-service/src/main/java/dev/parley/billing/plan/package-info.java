/** The catalogue of plans and their immutable versions; other features read it through PlanService. */
@NullMarked
package dev.parley.billing.plan;

import org.jspecify.annotations.NullMarked;
