package dev.parley.auth.member;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The members of the caller's tenant. */
@Path("/api/v1/members")
@RunOnVirtualThread
@Tag(name = "Members")
public class MemberResource {
    private final MembershipService members;
    private final CurrentCaller caller;

    MemberResource(MembershipService members, CurrentCaller caller) {
        this.members = members;
        this.caller = caller;
    }

    /** Lists them. */
    @GET
    @RolesAllowed("member")
    @Operation(summary = "List members")
    public Page<MemberResponse> list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return members.list(caller.get(), Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Gives one another role. */
    @PATCH
    @Path("/{userId}")
    @RolesAllowed("admin")
    @Operation(summary = "Change a member's role")
    public MemberResponse change(@PathParam("userId") UUID userId, @Valid @NotNull ChangeMemberRequest request) {
        return members.change(caller.get(), userId, Role.of(request.role()));
    }

    /** Removes one; everybody may remove itself. */
    @DELETE
    @Path("/{userId}")
    @RolesAllowed("member")
    @Operation(summary = "Remove a member, or leave")
    public void remove(@PathParam("userId") UUID userId) {
        members.remove(caller.get(), userId);
    }
}
