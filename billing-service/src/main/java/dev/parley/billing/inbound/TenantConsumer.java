package dev.parley.billing.inbound;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.contact.BillingContacts;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Starts the trial of each new tenant, and notes whom its mails about money go to. */
@ApplicationScoped
class TenantConsumer implements TransactionalEventConsumer {
    private final SubscriptionService subscriptions;
    private final BillingContacts contacts;

    TenantConsumer(SubscriptionService subscriptions, BillingContacts contacts) {
        this.subscriptions = subscriptions;
        this.contacts = contacts;
    }

    /** A new tenant and who owns it. */
    @RegisterForReflection
    record Created(@Nullable String name, @Nullable String ownerEmail) {}

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
        Created created = event.as(Created.class);
        if (created.ownerEmail() != null) {
            contacts.learn(
                    handle,
                    event.tenant(),
                    new BillingContact(created.ownerEmail(), created.name() == null ? "" : created.name()));
        }
        subscriptions.startTrial(handle, event.tenant());
    }
}
