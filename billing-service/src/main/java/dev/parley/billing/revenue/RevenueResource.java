package dev.parley.billing.revenue;

import dev.parley.platform.security.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** How the platform earns and stands. */
@Path("/api/v1/admin")
@RunOnVirtualThread
public class RevenueResource {
    private final RevenueService revenue;

    RevenueResource(RevenueService revenue) {
        this.revenue = revenue;
    }

    /** Recurring revenue, invoices, trials, churn, credits, costs and margins; over the last 30 days unless told. */
    @GET
    @Path("/revenue")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public RevenueReport revenue(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        return revenue.report(from, to);
    }

    /** Subscriptions, usage and what waits, without any individual tenant. */
    @GET
    @Path("/overview")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Overview overview() {
        return revenue.overview();
    }
}
