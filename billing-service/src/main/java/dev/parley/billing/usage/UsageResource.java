package dev.parley.billing.usage;

import dev.parley.billing.negotiation.Accepts;
import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** What the tenant used and what it cost. */
@Path("/api/v1/usage")
@RunOnVirtualThread
public class UsageResource {
    private static final String CSV = "text/csv";

    private final UsageService usage;
    private final CurrentCaller caller;

    UsageResource(UsageService usage, CurrentCaller caller) {
        this.usage = usage;
        this.caller = caller;
    }

    /**
     * Lists the usage log, newest first; {@code from} is included, {@code to} is not. With {@code Accept: text/csv} all of
     * it comes at once, as a file.
     */
    @GET
    @Produces({MediaType.APPLICATION_JSON, CSV})
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("usage")
    @Operation(summary = "List usage, also as CSV")
    @APIResponse(
            responseCode = "200",
            description = "The log",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Lines.class)),
                @Content(mediaType = CSV)
            })
    public Response list(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context HttpHeaders headers) {
        TenantId tenant = caller.get().tenant();
        UsageFilter filter = UsageFilter.of(from, to, agent, channel);
        if (!Accepts.first(headers, CSV)) {
            return Response.ok(usage.list(tenant, filter, cursor, limit), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        }
        StreamingOutput file = out -> usage.writeCsv(tenant, filter, out);
        return Response.ok(file, CSV + "; charset=utf-8")
                .header("Content-Disposition", "attachment; filename=\"parley-usage.csv\"")
                .build();
    }

    /** How a page looks, for the OpenAPI document. */
    record Lines(List<UsageLine> items, @Nullable String nextCursor) {}

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
