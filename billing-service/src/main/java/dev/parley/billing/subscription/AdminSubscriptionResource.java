package dev.parley.billing.subscription;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant's subscription as platform staff see it. */
@Path("/api/v1/admin/tenants/{id}/subscription")
@RunOnVirtualThread
public class AdminSubscriptionResource {
    private final SubscriptionService subscriptions;
    private final CurrentCaller caller;

    AdminSubscriptionResource(SubscriptionService subscriptions, CurrentCaller caller) {
        this.subscriptions = subscriptions;
        this.caller = caller;
    }

    /** The subscription; audited with the reason, 400 without one. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public SubscriptionView get(
            @PathParam("id") UUID tenantId,
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket) {
        return subscriptions.inspect(new TenantId(tenantId), caller.get(), AccessReason.of(reason, ticket));
    }
}
