package dev.parley.billing.payment;

import dev.parley.billing.plan.Plan;

/** Names one version of a plan, as it is kept with an object at a provider. */
public record PlanReference(String code, int version) {
    /** The name of that plan version. */
    public static PlanReference of(Plan plan) {
        return new PlanReference(plan.code(), plan.version());
    }
}
