package dev.parley.auth.staff;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The break-glass grants of Parley's staff. */
@Path("/api/v1/admin/break-glass")
@RunOnVirtualThread
@Tag(name = "Platform admin")
public class BreakGlassResource {
    private final BreakGlassService grants;
    private final CurrentCaller caller;

    BreakGlassResource(BreakGlassService grants, CurrentCaller caller) {
        this.grants = grants;
        this.caller = caller;
    }

    /** Lists everybody's grants, the newest first. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List break-glass grants")
    public Page<BreakGlassResponse> list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return grants.list(Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Ends a grant before its time. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "End a break-glass grant")
    public void end(@PathParam("id") UUID id) {
        grants.end(caller.get(), id);
    }
}
