package dev.parley.billing.inbound;

import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Starts the trial of each new tenant. */
@ApplicationScoped
class TenantConsumer implements TransactionalEventConsumer {
    private final SubscriptionService subscriptions;

    TenantConsumer(SubscriptionService subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public String group() {
        return "billing-service.start-trial";
    }

    @Override
    public Set<String> topics() {
        return Set.of("auth.tenant.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("auth.tenant-created.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        subscriptions.startTrial(handle, event.tenant());
    }
}
