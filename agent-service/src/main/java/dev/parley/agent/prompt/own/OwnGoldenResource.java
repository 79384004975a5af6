package dev.parley.agent.prompt.own;

import dev.parley.agent.prompt.golden.GoldenConversation;
import dev.parley.agent.prompt.golden.GoldenRequest;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
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

/** A tenant writes the golden conversations here that its own prompt versions must pass. */
@Path("/api/v1/agents/{slug}/golden-conversations")
@RunOnVirtualThread
public class OwnGoldenResource {
    private final OwnGoldenFlow golden;
    private final CurrentCaller caller;

    OwnGoldenResource(OwnGoldenFlow golden, CurrentCaller caller) {
        this.golden = golden;
        this.caller = caller;
    }

    /** Lists them by name. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Lists the tenant's own golden conversations of an agent")
    public Page<GoldenConversation> list(String slug) {
        return golden.list(caller.get().tenant(), slug);
    }

    /** Adds one. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(
            summary =
                    "Adds a golden conversation that the tenant's own versions must pass; needs the feature custom_prompts")
    public GoldenConversation add(String slug, @Valid @NotNull GoldenRequest request) {
        return golden.add(caller.get(), slug, request);
    }

    /** One of them. */
    @GET
    @Path("{conversation}")
    @RolesAllowed("admin")
    @Operation(summary = "Shows one of the tenant's own golden conversations")
    public GoldenConversation get(String slug, UUID conversation) {
        return golden.get(caller.get().tenant(), slug, conversation);
    }

    /** Replaces one. */
    @PUT
    @Path("{conversation}")
    @RolesAllowed("admin")
    @Operation(summary = "Replaces one of the tenant's own golden conversations; needs the feature custom_prompts")
    public GoldenConversation change(String slug, UUID conversation, @Valid @NotNull GoldenRequest request) {
        return golden.change(caller.get(), slug, conversation, request);
    }

    /** Removes one. */
    @DELETE
    @Path("{conversation}")
    @RolesAllowed("admin")
    @Operation(summary = "Removes one of the tenant's own golden conversations")
    public void remove(String slug, UUID conversation) {
        golden.remove(caller.get(), slug, conversation);
    }
}
