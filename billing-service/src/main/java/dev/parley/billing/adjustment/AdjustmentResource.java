package dev.parley.billing.adjustment;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Credits that a platform admin grants to a tenant, takes back or refunds. */
@Path("/api/v1/admin/tenants/{id}")
@RunOnVirtualThread
public class AdjustmentResource {
    private final AdjustmentFlow flow;
    private final AdjustmentService adjustments;
    private final CurrentCaller caller;

    AdjustmentResource(AdjustmentFlow flow, AdjustmentService adjustments, CurrentCaller caller) {
        this.flow = flow;
        this.adjustments = adjustments;
        this.caller = caller;
    }

    /** Lists what was changed by hand, newest first; audited with the reason, 400 without one. */
    @GET
    @Path("/credit-adjustments")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List credits changed by hand")
    public Page<Adjustment> list(
            @PathParam("id") UUID tenantId,
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        return adjustments.inspect(
                new TenantId(tenantId), cursor, limit, caller.get(), AccessReason.of(reason, ticket));
    }

    /**
     * Grants a lot without expiry, or takes back from what is unspent; audited with the reason. 202 with the approval's id
     * when a second admin must agree, 403 when policy denies it.
     */
    @POST
    @Path("/credit-adjustments")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Grant credits, or take them back")
    @APIResponse(
            responseCode = "201",
            description = "The change is made",
            content = @Content(schema = @Schema(implementation = Adjustment.class)))
    @APIResponse(responseCode = "202", description = "A second admin must agree")
    public Response adjust(
            @PathParam("id") UUID tenantId,
            @NotNull @Valid CreditAdjustmentRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
        return flow.adjust(new TenantId(tenantId), request, caller.get(), idempotencyKey)
                .answer();
    }

    /** Gives back what an operation was charged, once; 404 when it was not charged, else as an adjustment. */
    @POST
    @Path("/usage-refunds")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Refund an operation")
    @APIResponse(
            responseCode = "201",
            description = "The refund is made",
            content = @Content(schema = @Schema(implementation = Adjustment.class)))
    @APIResponse(responseCode = "202", description = "A second admin must agree")
    public Response refund(@PathParam("id") UUID tenantId, @NotNull @Valid UsageRefundRequest request) {
        return flow.refund(new TenantId(tenantId), request, caller.get()).answer();
    }
}
