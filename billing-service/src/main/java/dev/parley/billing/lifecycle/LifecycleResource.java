package dev.parley.billing.lifecycle;

import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** What an owner or admin may do with the tenant's subscription. */
@Path("/api/v1/subscription")
@RunOnVirtualThread
public class LifecycleResource {
    private final CancellationFlow flow;
    private final PlanChangeFlow changes;
    private final CurrentCaller caller;

    LifecycleResource(CancellationFlow flow, PlanChangeFlow changes, CurrentCaller caller) {
        this.flow = flow;
        this.changes = changes;
        this.caller = caller;
    }

    /** Ends the subscription with its period or now. 409 when it has ended, 503 when the provider does not answer. */
    @POST
    @Path("/cancellation")
    @RolesAllowed("admin")
    public SubscriptionView cancel(@NotNull @Valid CancellationRequest request) {
        return flow.cancel(caller.get(), request.isNow());
    }

    /** Takes a cancellation at period end back. 409 when the subscription has ended. */
    @POST
    @Path("/resumption")
    @RolesAllowed("admin")
    public SubscriptionView resume() {
        return flow.resume(caller.get());
    }

    /**
     * Changes the plan: to a dearer one at once, for the difference of the prices for the rest of the period; to a cheaper
     * one when the period ends. Where nobody is paid yet, the answer's url is where to pay. 402 when the card is declined.
     */
    @POST
    @Path("/change")
    @RolesAllowed("admin")
    public ChangeResponse change(@NotNull @Valid ChangeRequest request) {
        return changes.change(caller.get(), request);
    }

    /** What a change of plan would do and cost, without doing it. */
    @POST
    @Path("/change/preview")
    @RolesAllowed("admin")
    public ChangeResponse preview(@NotNull @Valid ChangeRequest request) {
        return changes.preview(caller.get().tenant(), request);
    }

    /** Takes a change back that waits for the period's end. 404 when none does. */
    @DELETE
    @Path("/change")
    @RolesAllowed("admin")
    public SubscriptionView takeBack() {
        return changes.takeBack(caller.get());
    }
}
