package dev.parley.channel.conversation;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Conversations. */
@Path("/api/v1/conversations")
@RunOnVirtualThread
public class ConversationResource {
    private final StartConversationFlow flow;
    private final ConversationService conversations;
    private final CurrentCaller caller;

    ConversationResource(StartConversationFlow flow, ConversationService conversations, CurrentCaller caller) {
        this.flow = flow;
        this.conversations = conversations;
        this.caller = caller;
    }

    /** Opens a conversation with an agent. */
    @POST
    @RolesAllowed({"member", "scope:chat"})
    public Response start(@NotNull @Valid StartConversationRequest request) {
        return Response.status(Response.Status.CREATED)
                .entity(flow.start(caller.get(), request))
                .build();
    }

    /**
     * Lists conversations, latest first: of a channel, in the hands of {@code bot} or {@code staff} or
     * {@code waiting}, of a person.
     */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("conversation")
    public Page<ConversationResponse> list(
            @QueryParam("channel") String channel,
            @QueryParam("status") String owner,
            @QueryParam("assigned_to") String assignedTo,
            @QueryParam("contact_id") UUID contact,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        return conversations.list(
                caller.get().tenant(), ConversationFilter.of(channel, owner, assignedTo, contact), cursor, limit);
    }

    /** Gives one conversation. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("conversation")
    public ConversationResponse get(@PathParam("id") UUID id) {
        return conversations.get(caller.get().tenant(), id);
    }
}
