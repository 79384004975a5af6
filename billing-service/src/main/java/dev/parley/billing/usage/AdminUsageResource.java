package dev.parley.billing.usage;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant's usage as platform staff see it. */
@Path("/api/v1/admin/tenants/{id}/usage")
@RunOnVirtualThread
public class AdminUsageResource {
    private final UsageService usage;
    private final CurrentCaller caller;

    AdminUsageResource(UsageService usage, CurrentCaller caller) {
        this.usage = usage;
        this.caller = caller;
    }

    /** Lists the usage log, newest first; audited with the reason, 400 without one. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<UsageLine> list(
            @PathParam("id") UUID tenantId,
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        AccessReason why = AccessReason.of(reason, ticket);
        UsageFilter filter = UsageFilter.of(from, to, agent, channel);
        return usage.inspect(new TenantId(tenantId), filter, cursor, limit, caller.get(), why);
    }
}
