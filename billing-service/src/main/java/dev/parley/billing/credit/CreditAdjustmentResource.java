package dev.parley.billing.credit;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Credits that a platform admin grants to a tenant. */
@Path("/api/v1/admin/tenants/{id}/credit-adjustments")
@RunOnVirtualThread
public class CreditAdjustmentResource {
    private final CreditService credits;
    private final CurrentCaller caller;

    CreditAdjustmentResource(CreditService credits, CurrentCaller caller) {
        this.credits = credits;
        this.caller = caller;
    }

    /** Grants a lot without expiry; audited with the reason. 422 unless credits are between 1 and 1,000,000,000. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public CreditLot adjust(
            @PathParam("id") UUID tenantId,
            @NotNull @Valid CreditAdjustmentRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
        return credits.adjust(new TenantId(tenantId), request, caller.get(), idempotencyKey);
    }
}
