package dev.parley.billing.checkout;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Where buying a plan or a credit pack begins. */
@Path("/api/v1/checkout")
@RunOnVirtualThread
public class CheckoutResource {
    private final CheckoutFlow flow;
    private final CurrentCaller caller;

    CheckoutResource(CheckoutFlow flow, CurrentCaller caller) {
        this.flow = flow;
        this.caller = caller;
    }

    /**
     * Begins a checkout of the newest version of a plan or a pack. The answer's url is where to pay; it is null for a plan of price 0,
     * which is active at once. 422 for an unknown plan, pack or provider, 503 when the provider does not answer.
     */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    public CheckoutResponse start(
            @NotNull @Valid CheckoutRequest request, @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
        return flow.start(request, caller.get(), idempotencyKey);
    }
}
