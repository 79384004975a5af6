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
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;
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
     * Gives back what is unspent of a paid lot. The lot ends at once; how much goes back is known a moment later. 404 for
     * an unknown lot or invoice, 409 when nobody paid for it or it has ended.
     */
    @POST
    @ResponseStatus(202)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public PaymentRefund refund(@PathParam("id") UUID tenantId, @NotNull @Valid RefundRequest request) {
        return flow.begin(new TenantId(tenantId), request, caller.get());
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
