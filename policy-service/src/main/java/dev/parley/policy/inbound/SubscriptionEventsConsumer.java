package dev.parley.policy.inbound;

import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.credit.CreditsClosed;
import dev.parley.policy.credit.CreditsGranted;
import dev.parley.policy.credit.CreditsWithdrawn;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.entitlement.SubscriptionChanged;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Learns from billing what each tenant may do and which credits it has. */
@ApplicationScoped
class SubscriptionEventsConsumer implements TransactionalEventConsumer {
    private static final String CHANGED = "billing.subscription-changed.v1";
    private static final String GRANTED = "billing.credits-granted.v1";
    private static final String CLOSED = "billing.credits-closed.v1";
    private static final String WITHDRAWN = "billing.credits-withdrawn.v1";

    private final EntitlementService entitlements;
    private final CreditService credits;

    SubscriptionEventsConsumer(EntitlementService entitlements, CreditService credits) {
        this.entitlements = entitlements;
        this.credits = credits;
    }

    @Override
    public String group() {
        return "policy-service.apply-subscription";
    }

    @Override
    public Set<String> topics() {
        return Set.of("billing.subscription.events");
    }

    @Override
    public Set<String> types() {
        return Set.of(CHANGED, GRANTED, CLOSED, WITHDRAWN);
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        switch (event.type()) {
            case CHANGED -> entitlements.apply(handle, event.tenant(), event.as(SubscriptionChanged.class));
            case GRANTED -> credits.grant(handle, event.tenant(), event.as(CreditsGranted.class));
            case CLOSED -> credits.close(handle, event.tenant(), event.as(CreditsClosed.class));
            case WITHDRAWN -> credits.withdraw(handle, event.tenant(), event.as(CreditsWithdrawn.class));
            default -> throw new IllegalArgumentException("not one of the types asked for: " + event.type());
        }
    }
}
