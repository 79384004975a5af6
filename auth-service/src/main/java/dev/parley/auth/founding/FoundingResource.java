package dev.parley.auth.founding;

import dev.parley.auth.tenant.CreateTenantRequest;
import dev.parley.auth.tenant.TenantResponse;
import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The organisations of the person that calls; {@code GET /api/v1/me} lists them. */
@Path("/api/v1/tenants")
@RunOnVirtualThread
@Tag(name = "Tenant")
public class FoundingResource {
    private final FoundingFlow founding;
    private final CurrentCaller caller;

    FoundingResource(FoundingFlow founding, CurrentCaller caller) {
        this.founding = founding;
        this.caller = caller;
    }

    /** Makes another organisation, which the caller owns; select it with X-Tenant-ID. */
    @POST
    @ResponseStatus(201)
    @Authenticated
    @Operation(summary = "Make another organisation")
    public TenantResponse found(@Valid @NotNull CreateTenantRequest request) {
        return founding.found(caller.get(), request);
    }
}
