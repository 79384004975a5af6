package dev.parley.billing.plan;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The catalogue as platform admins keep it. */
@Path("/api/v1/admin/plans")
@RolesAllowed(Caller.PLATFORM_ADMIN)
@RunOnVirtualThread
public class AdminPlanResource {
    private final PlanService plans;
    private final CurrentCaller caller;

    AdminPlanResource(PlanService plans, CurrentCaller caller) {
        this.plans = plans;
        this.caller = caller;
    }

    /** Lists the newest version of every plan. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<Plan> list() {
        return new Page<>(plans.list(), null);
    }

    /** Publishes a plan or the next version of one; subscribers keep the version they have. 422 names wrong fields. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Plan publish(@NotNull PlanRequest request) {
        return plans.publish(request, caller.get());
    }

    /** Publishes the next version of a plan with exactly these agents. 404 for an unknown plan. */
    @PUT
    @Path("/{code}/agents")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Plan changeAgents(@PathParam("code") String code, @NotNull List<String> agents) {
        return plans.changeAgents(code, agents, caller.get());
    }
}
