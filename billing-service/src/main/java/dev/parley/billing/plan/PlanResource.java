package dev.parley.billing.plan;

import dev.parley.platform.paging.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The plans that anybody can buy. */
@Path("/api/v1/plans")
@RunOnVirtualThread
public class PlanResource {
    private final PlanService plans;

    PlanResource(PlanService plans) {
        this.plans = plans;
    }

    /** Lists the newest version of every plan; needs no credentials. */
    @GET
    @PermitAll
    public Page<Plan> list() {
        return new Page<>(plans.list(), null);
    }
}
