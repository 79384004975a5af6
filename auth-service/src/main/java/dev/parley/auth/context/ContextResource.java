package dev.parley.auth.context;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tenant contexts for the gateway and the services; never routed from outside. The body proves who asks. */
@Path("/internal")
@RunOnVirtualThread
@Tag(name = "Internal")
public class ContextResource {
    private final ExchangeFlow exchanges;
    private final ContextService contexts;

    ContextResource(ExchangeFlow exchanges, ContextService contexts) {
        this.exchanges = exchanges;
        this.contexts = contexts;
    }

    /** Exchanges a client's credential. */
    @POST
    @Path("/context-exchanges")
    @PermitAll
    @Operation(summary = "Exchange of a client's credential for a tenant context")
    public ExchangeResponse exchange(@Valid @NotNull ExchangeRequest request) {
        return exchanges.exchange(request);
    }

    /** Gives a service its own context. */
    @POST
    @Path("/service-contexts")
    @PermitAll
    @Operation(summary = "Context of a service for one tenant and one other service")
    public ServiceContextResponse service(@Valid @NotNull ServiceContextRequest request) {
        return exchanges.service(request);
    }

    /** The public keys that verify tenant contexts. */
    @GET
    @Path("/jwks")
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    @Operation(summary = "Keys that verify tenant contexts")
    public Response keys() {
        return Response.ok(contexts.keySet())
                .header("Cache-Control", "max-age=300")
                .build();
    }
}
