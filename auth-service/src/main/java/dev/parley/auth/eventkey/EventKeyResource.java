package dev.parley.auth.eventkey;

import dev.parley.platform.eventkey.EventKeyAnswer;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Event keys for the services; never routed from outside. */
@Path("/internal/event-keys")
@RunOnVirtualThread
@Tag(name = "Internal")
public class EventKeyResource {
    private final EventKeyService keys;
    private final CurrentCaller caller;

    EventKeyResource(EventKeyService keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /** The key that seals the events of a tenant. */
    @GET
    @Path("/{tenant}")
    @RolesAllowed("service")
    @Operation(summary = "Event key of a tenant")
    public EventKeyAnswer show(@PathParam("tenant") UUID tenant) {
        return keys.hand(caller.get(), new TenantId(tenant));
    }
}
