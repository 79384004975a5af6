package dev.parley.policy.administrative;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Decisions about what staff want to change, for the services that would change it. */
@Path("/internal/decisions/administrative")
@RunOnVirtualThread
public class AdministrativeResource {
    private final AdministrativeService decisions;
    private final CurrentCaller caller;

    AdministrativeResource(AdministrativeService decisions, CurrentCaller caller) {
        this.decisions = decisions;
        this.caller = caller;
    }

    /** Decides, and keeps the decision; a refusal is an answer with {@code allow: false}. */
    @POST
    @RolesAllowed("service")
    @Operation(summary = "Decide about a change by staff")
    public AdministrativeResponse decide(@NotNull @Valid AdministrativeRequest request) {
        return decisions.decide(caller.get().tenant(), request);
    }
}
