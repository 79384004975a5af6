package dev.parley.billing.lifecycle;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** What an operator does with a tenant's subscription. */
@Path("/api/v1/admin/tenants/{id}")
@RunOnVirtualThread
public class AdminLifecycleResource {
    private final TestClockFlow clocks;
    private final ProviderMoveFlow moves;
    private final CurrentCaller caller;

    AdminLifecycleResource(TestClockFlow clocks, ProviderMoveFlow moves, CurrentCaller caller) {
        this.clocks = clocks;
        this.moves = moves;
        this.caller = caller;
    }

    /**
     * Moves a tenant's clock forward, in local and test installations, and lets everything happen that falls due by then.
     * 404 where clocks cannot be moved, 409 when the tenant bought in real time, 422 for a time that is over.
     */
    @POST
    @Path("/test-clock")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public TestClockResponse moveClock(@PathParam("id") UUID tenantId, @NotNull @Valid TestClockRequest request) {
        return clocks.move(new TenantId(tenantId), request.at(), caller.get());
    }

    /**
     * Begins the move of a paid subscription to another provider: the answer's url is where the customer authorises it.
     * 409 when the subscription cannot be moved as it stands, 422 for a provider that is not available.
     */
    @POST
    @Path("/provider-move")
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public ProviderMoveResponse move(@PathParam("id") UUID tenantId, @NotNull @Valid ProviderMoveRequest request) {
        return moves.begin(new TenantId(tenantId), request, caller.get());
    }
}
