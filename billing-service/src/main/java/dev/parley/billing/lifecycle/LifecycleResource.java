package dev.parley.billing.lifecycle;

import dev.parley.billing.subscription.SubscriptionProblem;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** What an owner or admin may do with the tenant's subscription. */
@Path("/api/v1/subscription")
@RunOnVirtualThread
public class LifecycleResource {
    private final CancellationFlow flow;
    private final CurrentCaller caller;

    LifecycleResource(CancellationFlow flow, CurrentCaller caller) {
        this.flow = flow;
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

    /** Always 409: a plan is changed through a checkout, which replaces the running subscription once it is paid. */
    @POST
    @Path("/change")
    @RolesAllowed("admin")
    public SubscriptionView change(@NotNull @Valid ChangeRequest request) {
        throw new Problem(SubscriptionProblem.CHECKOUT_REQUIRED)
                .detail("Start a checkout for the plan: once it is paid it replaces the running subscription.")
                .with("plan", request.plan());
    }
}
