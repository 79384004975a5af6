package dev.parley.policy.entitlement;

import dev.parley.policy.engine.Terms;

/** Compiles an event as the service does, for tests of other packages. */
public final class CompiledTerms {
    private CompiledTerms() {}

    public static Terms of(SubscriptionChanged subscription, boolean suspended) {
        return subscription.terms(1, suspended);
    }
}
