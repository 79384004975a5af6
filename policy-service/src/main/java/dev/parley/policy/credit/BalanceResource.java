package dev.parley.policy.credit;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The balance as it is kept, for reconciliation. */
@Path("/internal/balances")
@RunOnVirtualThread
public class BalanceResource {
    private final CreditService credits;
    private final CurrentCaller caller;

    BalanceResource(CreditService credits, CurrentCaller caller) {
        this.credits = credits;
        this.caller = caller;
    }

    /** The caller's tenant's balance with all of its lots, as of one moment. */
    @GET
    @RolesAllowed("service")
    @Operation(summary = "The balance and all lots of a tenant")
    public BalancesResponse balances() {
        return credits.balances(caller.get().tenant());
    }
}
