package dev.parley.auth.member;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Hands the caller's tenant to another member. */
@Path("/api/v1/tenant/ownership-transfer")
@RunOnVirtualThread
@Tag(name = "Members")
public class OwnershipResource {
    private final MembershipService members;
    private final CurrentCaller caller;

    OwnershipResource(MembershipService members, CurrentCaller caller) {
        this.members = members;
        this.caller = caller;
    }

    /** Makes that member owner, and the caller admin. */
    @POST
    @RolesAllowed("owner")
    @Operation(summary = "Hand over ownership")
    public MemberResponse handOver(@Valid @NotNull OwnershipTransferRequest request) {
        return members.handOver(caller.get(), request.userId());
    }
}
