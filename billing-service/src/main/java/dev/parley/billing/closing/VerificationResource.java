package dev.parley.billing.closing;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Proves that the ledger's closed days are as they were. */
@Path("/api/v1/credits/history/verification")
@RunOnVirtualThread
public class VerificationResource {
    private final ClosingService closing;
    private final CurrentCaller caller;

    VerificationResource(ClosingService closing, CurrentCaller caller) {
        this.closing = closing;
        this.caller = caller;
    }

    /** Walks over the caller's own ledger and names the days that are not as they were closed. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Verify the ledger")
    public LedgerVerification verify() {
        return closing.verify(caller.get().tenant());
    }
}
