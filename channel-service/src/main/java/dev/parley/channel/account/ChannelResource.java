package dev.parley.channel.account;

import dev.parley.channel.adapter.Adapters;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** A tenant's accounts at messengers; for admins, and keys with the scope write. */
@Path("/api/v1/channels")
@RolesAllowed("scope:write")
@RunOnVirtualThread
public class ChannelResource {
    private final ConnectChannelFlow flow;
    private final TestChannelFlow tests;
    private final AccountService accounts;
    private final Adapters adapters;
    private final CurrentCaller caller;

    ChannelResource(
            ConnectChannelFlow flow,
            TestChannelFlow tests,
            AccountService accounts,
            Adapters adapters,
            CurrentCaller caller) {
        this.flow = flow;
        this.tests = tests;
        this.accounts = accounts;
        this.adapters = adapters;
        this.caller = caller;
    }

    /** Connects an account. */
    @POST
    @RolesAllowed("scope:write")
    public Response connect(@NotNull @Valid ConnectChannelRequest request) {
        return Response.status(Response.Status.CREATED)
                .entity(flow.connect(caller.get(), request))
                .build();
    }

    /** Lists accounts, latest first. */
    @GET
    @RolesAllowed("scope:write")
    public Page<ChannelResponse> list(@QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return accounts.list(caller.get().tenant(), cursor, limit);
    }

    /** Lists the messengers whose accounts can be connected, with what each asks for. */
    @GET
    @Path("/types")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "The messengers that can be connected, and what each asks for")
    public Page<ChannelTypeResponse> types() {
        // Whoever acts for no tenant connects nothing, and is refused as by the rest of this resource.
        caller.get().tenant();
        return new Page<>(
                adapters.connectable().stream().map(ChannelTypeResponse::of).toList(), null);
    }

    /** Changes an account. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed("scope:write")
    public ChannelResponse change(@PathParam("id") UUID id, @NotNull @Valid ChangeChannelRequest request) {
        return flow.change(caller.get(), id, request);
    }

    /** Looks whether messages can go both ways, and says what is wrong; changes nothing. */
    @POST
    @Path("/{id}/test")
    @RolesAllowed("scope:write")
    @Operation(summary = "Tests a channel and says what is wrong")
    public ChannelTestResponse test(@PathParam("id") UUID id) {
        return tests.test(caller.get(), id);
    }

    /** Disconnects an account. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("scope:write")
    public void disconnect(@PathParam("id") UUID id) {
        flow.disconnect(caller.get(), id);
    }
}
