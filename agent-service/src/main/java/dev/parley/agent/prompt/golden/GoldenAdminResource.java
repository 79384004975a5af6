package dev.parley.agent.prompt.golden;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins write golden conversations here. */
@Path("/api/v1/admin/agents/{id}/golden-conversations")
@RolesAllowed(Caller.PLATFORM_ADMIN)
@RunOnVirtualThread
public class GoldenAdminResource {
    private final GoldenService golden;
    private final CurrentCaller caller;

    GoldenAdminResource(GoldenService golden, CurrentCaller caller) {
        this.golden = golden;
        this.caller = caller;
    }

    /** Lists the golden conversations of an agent by name. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Lists an agent's golden conversations")
    public Page<GoldenConversation> list(UUID id) {
        return golden.list(TenantId.PLATFORM, id);
    }

    /** Adds one. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Adds a golden conversation that versions must pass")
    public GoldenConversation add(UUID id, @Valid @NotNull GoldenRequest request) {
        return golden.add(caller.get(), TenantId.PLATFORM, id, request);
    }

    /** One of them. */
    @GET
    @Path("{conversation}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Shows a golden conversation")
    public GoldenConversation get(UUID id, UUID conversation) {
        return golden.get(TenantId.PLATFORM, id, conversation);
    }

    /** Replaces one. */
    @PUT
    @Path("{conversation}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Replaces a golden conversation")
    public GoldenConversation change(UUID id, UUID conversation, @Valid @NotNull GoldenRequest request) {
        return golden.change(caller.get(), TenantId.PLATFORM, id, conversation, request);
    }

    /** Removes one. */
    @DELETE
    @Path("{conversation}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Removes a golden conversation")
    public void remove(UUID id, UUID conversation) {
        golden.remove(caller.get(), TenantId.PLATFORM, id, conversation);
    }
}
