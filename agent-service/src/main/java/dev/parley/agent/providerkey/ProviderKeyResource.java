package dev.parley.agent.providerkey;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A tenant's admins keep its own keys at LLM providers here. */
@Path("/api/v1/provider-keys")
@RunOnVirtualThread
public class ProviderKeyResource {
    private final ProviderKeyService keys;
    private final CurrentCaller caller;

    ProviderKeyResource(ProviderKeyService keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /** Lists the keys, without what they are. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List the tenant's own keys at LLM providers")
    public Page<ProviderKeyView> list() {
        return new Page<>(keys.list(caller.get().tenant()), null);
    }

    /** Sets the key at a provider, in place of the one before; it is not shown again. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Set the tenant's own key at an LLM provider")
    public ProviderKeyView set(@Valid @NotNull ProviderKeyRequest request) {
        return keys.set(caller.get(), request);
    }

    /** Removes a key: the platform's is used again. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Remove the tenant's own key at an LLM provider")
    public void remove(UUID id) {
        keys.remove(caller.get(), id);
    }
}
