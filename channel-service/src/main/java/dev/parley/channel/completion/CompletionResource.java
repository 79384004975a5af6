package dev.parley.channel.completion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.answer.LiveAnswer;
import dev.parley.channel.message.MessageStreams;
import dev.parley.channel.outbound.AgentSummary;
import dev.parley.channel.push.ReadingService;
import dev.parley.channel.turn.Answer;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;

/** The OpenAI-compatible API: an agent is a model. */
@Path("/v1")
@RunOnVirtualThread
public class CompletionResource {
    private static final String REQUEST_ID = "x-request-id";
    private static final int MILLIS = 1000;
    private static final int TIME_BITS = 16;

    private final CompletionFlow flow;
    private final MessageStreams streams;
    private final ObjectMapper json;
    private final Clock clock;
    private final ReadingService readings;
    private final CurrentCaller caller;

    CompletionResource(
            CompletionFlow flow,
            MessageStreams streams,
            ObjectMapper json,
            Clock clock,
            ReadingService readings,
            CurrentCaller caller) {
        this.flow = flow;
        this.streams = streams;
        this.json = json;
        this.clock = clock;
        this.readings = readings;
        this.caller = caller;
    }

    /** Answers a chat, as a whole or as a stream of chunks. */
    @POST
    @Path("/chat/completions")
    @RolesAllowed({"member", "scope:chat"})
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
    public Response complete(JsonNode body, @HeaderParam("Idempotency-Key") String idempotencyKey) {
        Caller who = caller.get();
        CompletionRequest request = CompletionRequest.read(body, json);
        String operation = Operation.id().toString();
        CompletionFormat format = new CompletionFormat(
                json,
                "chatcmpl-" + operation,
                request.model(),
                clock.instant().getEpochSecond(),
                request.includeUsage(),
                answer -> flow.toolCalls(who.tenant(), answer));
        if (request.stream()) {
            LiveAnswer live = flow.stream(who, request, idempotencyKey);
            return Response.fromResponse(streams.respond(who.tenant(), live, format))
                    .header(REQUEST_ID, operation)
                    .build();
        }
        Answer answer = flow.complete(who, request, idempotencyKey);
        readings.ofRequest(who.tenant())
                .takes(answer.message().conversationId(), answer.reply().id());
        return Response.ok(format.whole(answer), MediaType.APPLICATION_JSON_TYPE)
                .header(REQUEST_ID, operation)
                .build();
    }

    /** Lists the agents that this key may use. */
    @GET
    @Path("/models")
    @RolesAllowed({"member", "scope:chat", "scope:read"})
    @Produces(MediaType.APPLICATION_JSON)
    public Models models() {
        return new Models(
                "list",
                flow.models(caller.get().tenant()).stream()
                        .map(CompletionResource::model)
                        .toList());
    }

    /** Gives one agent. */
    @GET
    @Path("/models/{model}")
    @RolesAllowed({"member", "scope:chat", "scope:read"})
    @Produces(MediaType.APPLICATION_JSON)
    public Model model(@PathParam("model") String model) {
        return model(flow.model(caller.get().tenant(), model));
    }

    /** The id of an agent is a UUIDv7, which begins with its time of creation in milliseconds. */
    private static Model model(AgentSummary agent) {
        long created = (agent.id().getMostSignificantBits() >>> TIME_BITS) / MILLIS;
        return new Model(agent.slug(), "model", created, "parley");
    }

    /** OpenAI's list of models. */
    public record Models(String object, List<Model> data) {}

    /** OpenAI's description of a model. */
    public record Model(String id, String object, long created, String ownedBy) {}
}
