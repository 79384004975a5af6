package dev.parley.policy.simulation;

import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.TermsVersion;
import org.jspecify.annotations.Nullable;

/**
 * What is tried: another plan for those who were on it, or other rules for all.
 *
 * @param plan the terms of the plan's subscribers; null when rules are tried
 * @param credits what the plan's period brings, if the draft says so
 * @param rules the engine of the rules; null when a plan is tried
 */
record Draft(
        @Nullable Terms plan,
        @Nullable Long credits,
        @Nullable PolicyEngine rules) {

    /** The plan whose subscribers it is about; null for all tenants. */
    @Nullable
    String planCode() {
        return plan == null ? null : plan.plan();
    }

    boolean concerns(Terms terms) {
        return plan == null || plan.plan().equals(terms.plan());
    }

    Terms terms(Terms recorded) {
        return plan == null ? recorded : recorded.on(plan);
    }

    PolicyEngine engine(PolicyEngine recorded) {
        return rules == null ? recorded : rules;
    }

    /** The credits that the tenant would have had beside those that it had. */
    long extra(TermsVersion recorded) {
        return credits == null || recorded.credits() == null ? 0 : credits - recorded.credits();
    }
}
