package dev.parley.billing.usage;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** What the tenant used and what it cost. */
@Path("/api/v1/usage")
@RunOnVirtualThread
public class UsageResource {
    private final UsageService usage;
    private final CurrentCaller caller;

    UsageResource(UsageService usage, CurrentCaller caller) {
        this.usage = usage;
        this.caller = caller;
    }

    /** Lists the usage log, newest first. {@code from} is included, {@code to} is not. */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("usage")
    public Page<UsageLine> list(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        return usage.list(caller.get().tenant(), UsageFilter.of(from, to, agent, channel), cursor, limit);
    }

    /** Sums usage up by day, agent, channel or meter; over the last 31 days unless told. */
    @GET
    @Path("/summary")
    @RolesAllowed({"member", "scope:read"})
    public UsageSummary summary(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("group_by") @Nullable String groupBy) {
        return usage.summary(caller.get().tenant(), UsageFilter.of(from, to, agent, channel), UsageGroup.of(groupBy));
    }
}
