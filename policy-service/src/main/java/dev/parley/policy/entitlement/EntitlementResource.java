package dev.parley.policy.entitlement;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Lets other services wait until policy knows of a subscription. */
@Path("/internal/entitlements")
@RunOnVirtualThread
public class EntitlementResource {
    private final EntitlementService entitlements;
    private final CurrentCaller caller;

    EntitlementResource(EntitlementService entitlements, CurrentCaller caller) {
        this.entitlements = entitlements;
        this.caller = caller;
    }

    /** What policy knows of the tenant's subscription; 404 when it was never told of one. */
    @GET
    @RolesAllowed("service")
    public EntitlementResponse entitlement() {
        return entitlements.find(caller.get().tenant()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }
}
