package dev.parley.auth.me;

import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller's own view of itself. */
@Path("/api/v1/me")
@RunOnVirtualThread
@Tag(name = "Identity")
public class MeResource {
    private final MeService me;
    private final CurrentCaller caller;

    MeResource(MeService me, CurrentCaller caller) {
        this.me = me;
        this.caller = caller;
    }

    /** Shows who calls, for which tenant, and which tenants there are to choose from. */
    @GET
    @Authenticated
    @Operation(summary = "Show who calls")
    public MeResponse show() {
        return me.describe(caller.get());
    }
}
