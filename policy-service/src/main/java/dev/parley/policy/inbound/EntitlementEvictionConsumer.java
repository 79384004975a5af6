package dev.parley.policy.inbound;

import dev.parley.platform.event.BroadcastEventConsumer;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.policy.entitlement.EntitlementService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Drops terms from this replica's memory when they change, whichever replica applies the change. */
@ApplicationScoped
class EntitlementEvictionConsumer implements BroadcastEventConsumer {
    private final EntitlementService entitlements;

    EntitlementEvictionConsumer(EntitlementService entitlements) {
        this.entitlements = entitlements;
    }

    @Override
    public String group() {
        return "policy-service.evict-entitlement";
    }

    @Override
    public Set<String> topics() {
        return Set.of("billing.subscription.events", "auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(
                "billing.subscription-changed.v1",
                "auth.tenant-suspended.v1",
                "auth.tenant-deleted.v1",
                "auth.tenant-restored.v1");
    }

    @Override
    public void handle(ReceivedEvent event) {
        entitlements.evict(event.tenant());
    }
}
