package dev.parley.auth.invitation;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Invitations to the caller's tenant; for admins and owners. */
@Path("/api/v1/invitations")
@RunOnVirtualThread
@Tag(name = "Members")
public class InvitationResource {
    private final InvitationService invitations;
    private final InviteFlow inviting;
    private final AcceptInvitationFlow acceptance;
    private final CurrentCaller caller;

    InvitationResource(
            InvitationService invitations, InviteFlow inviting, AcceptInvitationFlow acceptance, CurrentCaller caller) {
        this.invitations = invitations;
        this.inviting = inviting;
        this.acceptance = acceptance;
        this.caller = caller;
    }

    /**
     * Invites a person by e-mail; 403 EMAIL_NOT_VERIFIED while the caller's own address is not proven, 402 when the plan
     * has no seat left.
     */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Invite a person")
    public InvitationResponse create(@Valid @NotNull CreateInvitationRequest request) {
        return inviting.invite(caller.get(), request);
    }

    /** Lists the invitations that wait. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List invitations")
    public Page<InvitationResponse> list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return invitations.list(caller.get(), Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Sends one again, under the same condition. */
    @POST
    @Path("/{id}/resending")
    @RolesAllowed("admin")
    @Operation(summary = "Send an invitation again")
    public InvitationResponse resend(@PathParam("id") UUID id) {
        return inviting.resend(caller.get(), id);
    }

    /** Withdraws one. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Withdraw an invitation")
    public void revoke(@PathParam("id") UUID id) {
        invitations.revoke(caller.get(), id);
    }

    /**
     * Accepts an invitation as the person that is logged in, whatever tenant it acts for; 402 when the plan has fewer seats
     * by now.
     */
    @POST
    @Path("/{token}/acceptance")
    @ResponseStatus(201)
    @Authenticated
    @Operation(summary = "Accept an invitation")
    public AcceptanceResponse accept(@PathParam("token") String token) {
        return acceptance.accept(caller.get(), token);
    }
}
