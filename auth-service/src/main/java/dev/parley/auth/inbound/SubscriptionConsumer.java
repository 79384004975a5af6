package dev.parley.auth.inbound;

import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Lets a tenant's status follow its subscription. */
@ApplicationScoped
class SubscriptionConsumer implements TransactionalEventConsumer {
    private final TenantService tenants;

    SubscriptionConsumer(TenantService tenants) {
        this.tenants = tenants;
    }

    @Override
    public String group() {
        return "auth-service.follow-subscription";
    }

    @Override
    public Set<String> topics() {
        return Set.of("billing.subscription.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("billing.subscription-changed.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        SubscriptionChanged subscription = event.as(SubscriptionChanged.class);
        tenants.follow(handle, event.tenant(), subscription.status(), subscription.version());
    }
}
