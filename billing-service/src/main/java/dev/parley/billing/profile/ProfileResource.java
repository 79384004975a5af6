package dev.parley.billing.profile;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Whom the organisation's invoices are made out to. */
@Path("/api/v1/billing-profile")
@RunOnVirtualThread
public class ProfileResource {
    private final ProfileService profiles;
    private final CurrentCaller caller;

    ProfileResource(ProfileService profiles, CurrentCaller caller) {
        this.profiles = profiles;
        this.caller = caller;
    }

    /** The profile; 404 while none was given. */
    @GET
    @RolesAllowed("member")
    @Operation(summary = "The billing profile")
    public BillingProfile get() {
        return profiles.get(caller.get().tenant());
    }

    /** Replaces the profile for the invoices to come; 422 when a tax number is not one of the country. */
    @PUT
    @RolesAllowed("admin")
    @Operation(summary = "Set the billing profile")
    public BillingProfile put(@NotNull @Valid BillingProfile profile) {
        return profiles.put(caller.get(), profile);
    }
}
