package dev.parley.billing.closing;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Proves to platform staff that a ledger's closed days are as they were. */
@Path("/api/v1/admin/tenants/{id}/ledger/verification")
@RunOnVirtualThread
public class AdminVerificationResource {
    private final ClosingService closing;
    private final CurrentCaller caller;

    AdminVerificationResource(ClosingService closing, CurrentCaller caller) {
        this.closing = closing;
        this.caller = caller;
    }

    /** Walks over a tenant's ledger and names the days that are not as they were closed; audited with the reason, 400 without one. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Verify a tenant's ledger")
    public LedgerVerification inspect(
            @PathParam("id") UUID tenantId,
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket) {
        return closing.inspect(new TenantId(tenantId), caller.get(), AccessReason.of(reason, ticket));
    }
}
