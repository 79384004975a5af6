package dev.parley.channel.message;

import dev.parley.channel.conversation.ConversationService;
import dev.parley.channel.push.ReadingService;
import dev.parley.channel.turn.Admission;
import dev.parley.channel.turn.Answer;
import dev.parley.channel.turn.Held;
import dev.parley.channel.turn.MessageView;
import dev.parley.channel.turn.Said;
import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.UUID;

/** Messages of a conversation. */
@Path("/api/v1/conversations/{id}/messages")
@RunOnVirtualThread
public class MessageResource {
    private final SendMessageFlow flow;
    private final MessageService messages;
    private final ConversationService conversations;
    private final MessageStreams streams;
    private final ReadingService readings;
    private final CurrentCaller caller;

    MessageResource(
            SendMessageFlow flow,
            MessageService messages,
            ConversationService conversations,
            MessageStreams streams,
            ReadingService readings,
            CurrentCaller caller) {
        this.flow = flow;
        this.messages = messages;
        this.conversations = conversations;
        this.streams = streams;
        this.readings = readings;
        this.caller = caller;
    }

    /**
     * Sends a message and answers with the agent's reply; with {@code Accept: text/event-stream} while it is written. While
     * a person has the conversation, or is awaited, it is stored and not answered (202). In a conversation on a messenger,
     * and with {@code "as": "staff"} anywhere, it goes to the customer, in the name of the person who writes.
     */
    @POST
    @RolesAllowed({"member", "scope:chat"})
    @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
    public Response send(
            @PathParam("id") UUID conversation,
            @HeaderParam("Accept") String accept,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @NotNull @Valid SendMessageRequest request) {
        Caller who = caller.get();
        Optional<Admission> admitted = flow.admit(who, conversation, request, idempotencyKey);
        if (admitted.isEmpty()) {
            return created(flow.speak(who, conversation, request, idempotencyKey));
        }
        return MessageStreams.wanted(accept)
                ? streams.respond(who.tenant(), flow.stream(admitted.get()))
                : answered(who.tenant(), flow.answer(admitted.get()));
    }

    private Response answered(TenantId tenant, Said said) {
        return switch (said) {
            case Answer answer -> {
                readings.ofRequest(tenant)
                        .takes(answer.message().conversationId(), answer.reply().id());
                yield created(answer);
            }
            case Held held -> json(Response.Status.ACCEPTED, held);
        };
    }

    private static Response created(Object entity) {
        return json(Response.Status.CREATED, entity);
    }

    private static Response json(Response.Status status, Object entity) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(entity)
                .build();
    }

    /** Lists messages, latest first. */
    @GET
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("message")
    @Produces(MediaType.APPLICATION_JSON)
    public Page<MessageView> list(
            @PathParam("id") UUID conversation,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        conversations.get(caller.get().tenant(), conversation);
        return messages.list(caller.get().tenant(), conversation, cursor, limit);
    }
}
