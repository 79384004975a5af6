package dev.parley.billing.refund;

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
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Refunds that a platform admin makes. */
@Path("/api/v1/admin/tenants/{id}/payment-refunds")
@RunOnVirtualThread
public class RefundResource {
    private final RefundFlow flow;
    private final RefundService refunds;
    private final CurrentCaller caller;

    RefundResource(RefundFlow flow, RefundService refunds, CurrentCaller caller) {
        this.flow = flow;
        this.refunds = refunds;
        this.caller = caller;
    }

    /**
     * Gives back what is unspent of a paid lot, once. The lot ends at once, but for what running operations need of it; how
     * much goes back is known a moment later. An invoice of a replaced subscription that brought nothing goes back whole.
     * 202 with the approval's id when a second admin must agree, 403 when policy denies it, 404 for an unknown lot or
     * invoice, 409 when nobody paid for it or it has ended.
     */
    @POST
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Refund what is unspent of a paid lot")
    @APIResponse(
            responseCode = "201",
            description = "The refund is begun",
            content = @Content(schema = @Schema(implementation = PaymentRefund.class)))
    @APIResponse(responseCode = "202", description = "A second admin must agree")
    public Response refund(@PathParam("id") UUID tenantId, @NotNull @Valid RefundRequest request) {
        return flow.begin(new TenantId(tenantId), request, caller.get()).answer();
    }

    /** Lists the tenant's refunds, newest first; audited with the reason, 400 without one. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<PaymentRefund> list(
            @PathParam("id") UUID tenantId,
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket) {
        return new Page<>(refunds.inspect(new TenantId(tenantId), caller.get(), AccessReason.of(reason, ticket)), null);
    }
}
