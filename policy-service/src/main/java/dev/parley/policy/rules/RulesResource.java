package dev.parley.policy.rules;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The platform's rules as platform admins keep them. */
@Path("/api/v1/admin/policy-rules")
@RunOnVirtualThread
public class RulesResource {
    private final RulesService rules;
    private final CurrentCaller caller;

    RulesResource(RulesService rules, CurrentCaller caller) {
        this.rules = rules;
        this.caller = caller;
    }

    /** Lists all versions, newest first. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List the versions of the platform's rules")
    public Page<RulesVersion> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return rules.list(cursor, limit);
    }

    /** One version; 404 when there is none. */
    @GET
    @Path("/{version}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Get one version of the platform's rules")
    public RulesVersion find(@PathParam("version") int version) {
        return rules.find(version);
    }

    /** Keeps a draft as the next version. 422 names what makes no sense. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Draft the next version of the platform's rules")
    public RulesVersion draft(@NotNull @Valid RulesDocument document) {
        return rules.draft(document, caller.get());
    }

    /** Puts a version in force; when it answers, nothing is decided on another one. 404 when there is none. */
    @POST
    @Path("/{version}/activation")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Put a version of the platform's rules in force")
    public RulesVersion activate(@PathParam("version") int version, @NotNull @Valid ActivationRequest request) {
        return rules.activate(version, request.reason(), caller.get());
    }
}
