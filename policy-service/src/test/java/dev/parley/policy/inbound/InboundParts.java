package dev.parley.policy.inbound;

import dev.parley.platform.event.EventConsumer;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HoldService;

/** Makes the consumers without a container. */
public final class InboundParts {
    private InboundParts() {}

    public static EventConsumer subscriptions(EntitlementService entitlements, CreditService credits) {
        return new SubscriptionEventsConsumer(entitlements, credits);
    }

    public static EventConsumer agentUsage(HoldService holds) {
        return new AgentUsageConsumer(holds);
    }
}
