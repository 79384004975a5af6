package dev.parley.billing.pack;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The catalogue of packs as platform admins keep it. */
@Path("/api/v1/admin/credit-packs")
@RunOnVirtualThread
public class AdminCreditPackResource {
    private final CreditPackService packs;
    private final CurrentCaller caller;

    AdminCreditPackResource(CreditPackService packs, CurrentCaller caller) {
        this.packs = packs;
        this.caller = caller;
    }

    /** Publishes a pack or the next version of one; what was bought keeps its version. 409 for another version. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public CreditPack publish(@NotNull @Valid CreditPackRequest request) {
        return packs.publish(request, caller.get());
    }
}
