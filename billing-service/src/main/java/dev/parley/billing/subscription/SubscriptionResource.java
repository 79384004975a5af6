package dev.parley.billing.subscription;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The caller's own subscription. */
@Path("/api/v1/subscription")
@RunOnVirtualThread
public class SubscriptionResource {
    private final SubscriptionService subscriptions;
    private final CurrentCaller caller;

    SubscriptionResource(SubscriptionService subscriptions, CurrentCaller caller) {
        this.subscriptions = subscriptions;
        this.caller = caller;
    }

    /** The subscription; 404 when there is none yet. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    public SubscriptionView get() {
        return subscriptions.get(caller.get().tenant());
    }
}
