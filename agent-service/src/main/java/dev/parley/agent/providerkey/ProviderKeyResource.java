package dev.parley.agent.providerkey;

import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
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
    private final ProviderKeyFlow flow;
    private final CurrentCaller caller;

    ProviderKeyResource(ProviderKeyService keys, ProviderKeyFlow flow, CurrentCaller caller) {
        this.keys = keys;
        this.flow = flow;
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

    /** Tries a key on its provider. */
    @POST
    @Path("/{id}/test")
    @RolesAllowed("admin")
    @Operation(summary = "Ask an LLM provider a short question with the tenant's own key")
    public KeyTest test(UUID id, @Valid KeyTestRequest request) {
        return flow.test(caller.get().tenant(), id, request == null ? null : request.model());
    }

    /**
     * How to try a key.
     *
     * @param model the provider's default when absent
     */
    public record KeyTestRequest(
            @Size(min = 1, max = 200) @Pattern(regexp = "[^\\x00-\\x1f]*")
            String model) {}

    /** The providers of which a tenant may have a key. */
    @GET
    @Path("/providers")
    @RolesAllowed("admin")
    @Operation(summary = "List the LLM providers that take a key of the tenant's own")
    public Page<ProviderService.KeyedProvider> providers() {
        return new Page<>(keys.providers(), null);
    }
}
