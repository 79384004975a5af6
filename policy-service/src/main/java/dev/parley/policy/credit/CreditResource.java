package dev.parley.policy.credit;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The tenant's credits, as of now. */
@Path("/api/v1/credits")
@RunOnVirtualThread
public class CreditResource {
    private final CreditService credits;
    private final CurrentCaller caller;

    CreditResource(CreditService credits, CurrentCaller caller) {
        this.credits = credits;
        this.caller = caller;
    }

    /** The balance and the open lots. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    public CreditsResponse credits() {
        return credits.credits(caller.get().tenant());
    }
}
