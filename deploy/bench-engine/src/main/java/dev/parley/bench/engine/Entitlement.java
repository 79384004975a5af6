package dev.parley.bench.engine;

import dev.parley.policy.engine.SubscriptionStatus;
import java.util.Set;
import java.util.UUID;

/** What one tenant may do, in the words of all three engines. */
record Entitlement(
        UUID tenant, boolean suspended, SubscriptionStatus status, Set<String> agents, Set<String> channels) {

    /** The state as the peers' policies name it. */
    String state() {
        return suspended ? "tenant_suspended" : status.name().toLowerCase(java.util.Locale.ROOT);
    }
}
