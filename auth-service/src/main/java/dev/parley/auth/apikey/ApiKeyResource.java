package dev.parley.auth.apikey;

import dev.parley.platform.paging.Cursor;
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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** API keys of the caller's tenant; for admins and owners. */
@Path("/api/v1/api-keys")
@RunOnVirtualThread
@Tag(name = "API keys")
public class ApiKeyResource {
    private final ApiKeyService keys;
    private final MakeKeyFlow making;
    private final CurrentCaller caller;

    ApiKeyResource(ApiKeyService keys, MakeKeyFlow making, CurrentCaller caller) {
        this.keys = keys;
        this.making = making;
        this.caller = caller;
    }

    /** Makes a key, which is shown in this answer only; 402 when the plan has no room for another. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Make an API key")
    public CreatedApiKeyResponse create(@Valid @NotNull CreateApiKeyRequest request) {
        return making.create(caller.get(), request);
    }

    /** Lists the keys without their secrets. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List API keys")
    public Page<ApiKeyResponse> list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return keys.list(caller.get(), Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Makes a key that takes over from another, which works until the overlap is over. */
    @POST
    @Path("/{id}/rotation")
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Replace an API key")
    public CreatedApiKeyResponse rotate(@PathParam("id") UUID id, @Nullable @Valid RotateApiKeyRequest request) {
        return making.rotate(caller.get(), id, request == null ? null : request.overlapSeconds());
    }

    /** Revokes a key; it is refused everywhere within two seconds. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Revoke an API key")
    public void revoke(@PathParam("id") UUID id) {
        keys.revoke(caller.get(), id);
    }
}
