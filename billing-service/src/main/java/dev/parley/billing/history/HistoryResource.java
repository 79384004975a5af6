package dev.parley.billing.history;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Every credit that came and went. */
@Path("/api/v1/credits/history")
@RunOnVirtualThread
public class HistoryResource {
    private final HistoryService history;
    private final CurrentCaller caller;

    HistoryResource(HistoryService history, CurrentCaller caller) {
        this.history = history;
        this.caller = caller;
    }

    /** Lists the ledger's entries as they were booked, newest first, each with its cause and the balance after it. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List every credit that came and went")
    public Page<HistoryEntry> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return history.list(caller.get().tenant(), cursor, limit);
    }
}
