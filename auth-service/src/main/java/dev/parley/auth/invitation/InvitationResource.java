package dev.parley.auth.invitation;

import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Invitations to the caller's tenant. */
@Path("/api/v1/invitations")
@RunOnVirtualThread
@Tag(name = "Members")
public class InvitationResource {
    private final InvitationService invitations;
    private final CurrentCaller caller;

    InvitationResource(InvitationService invitations, CurrentCaller caller) {
        this.invitations = invitations;
        this.caller = caller;
    }

    /** Invites a person. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Invite a person")
    public InvitationResponse create(@Valid @NotNull CreateInvitationRequest request) {
        return invitations.create(caller.get(), request);
    }

    /** Accepts an invitation as the person that is logged in, whatever tenant it acts for. */
    @POST
    @Path("/{token}/acceptance")
    @ResponseStatus(201)
    @Authenticated
    @Operation(summary = "Accept an invitation")
    public AcceptanceResponse accept(@PathParam("token") String token) {
        return invitations.accept(caller.get(), token);
    }
}
