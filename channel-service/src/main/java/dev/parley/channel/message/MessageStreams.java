package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.answer.LiveAnswer;
import dev.parley.channel.answer.LiveAnswer.Delta;
import dev.parley.channel.answer.LiveAnswer.Done;
import dev.parley.channel.answer.LiveAnswer.Failed;
import dev.parley.channel.answer.LiveAnswer.Frame;
import dev.parley.channel.answer.LiveAnswer.Left;
import dev.parley.channel.push.ReadingService;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers as server-sent events. What fails before the first piece of text is an ordinary problem answer with
 * its status; what fails later is a last event.
 */
@ApplicationScoped
public class MessageStreams {
    private static final Logger LOG = Logger.getLogger(MessageStreams.class);

    private final ObjectMapper json;
    private final ReadingService readings;

    MessageStreams(ObjectMapper json, ReadingService readings) {
        this.json = json;
        this.readings = readings;
    }

    /** Whether a client asks for a stream. */
    static boolean wanted(@Nullable String accept) {
        return accept != null && accept.contains(MediaType.SERVER_SENT_EVENTS);
    }

    /**
     * The answer as {@code delta} events, then one {@code message}, one {@code held} when a person has the conversation, or
     * one {@code problem} event.
     */
    Response respond(TenantId tenant, LiveAnswer live) {
        return respond(tenant, live, (frame, out) -> {
            switch (frame) {
                case Delta delta -> write(out, "delta", Map.of("text", delta.text()));
                case Done done -> write(out, "message", done.answer());
                case Left left -> write(out, "held", left.held());
                case Failed failed -> write(out, "problem", problem(failed.failure()));
            }
        });
    }

    /** A stream in any form of server-sent events; the format sees each frame in order. */
    public Response respond(TenantId tenant, LiveAnswer live, Format format) {
        Frame first = live.next();
        if (first instanceof Failed failed) {
            throw failed.failure();
        }
        ReadingService.Reader reader = readings.ofRequest(tenant);
        StreamingOutput body = out -> {
            try {
                for (Frame frame = first; ; frame = live.next()) {
                    if (frame instanceof Done done) {
                        reader.takes(
                                done.answer().message().conversationId(),
                                done.answer().reply().id());
                    }
                    format.write(frame, out);
                    if (!live.hasNext()) {
                        out.flush();
                    }
                    if (!(frame instanceof Delta)) {
                        return;
                    }
                }
            } catch (IOException gone) {
                LOG.debugf("the client left a stream: %s", gone.getMessage());
            }
        };
        return Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no")
                .build();
    }

    /** A failure in the members of a problem document. */
    public Map<String, Object> problem(RuntimeException failure) {
        Problem problem = failure instanceof Problem known ? known : new Problem(CommonProblem.INTERNAL_ERROR, failure);
        if (problem != failure) {
            LOG.error("a stream failed", failure);
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", problem.type().type());
        members.put("title", problem.type().title());
        members.put("status", problem.type().status());
        if (problem.detail() != null) {
            members.put("detail", problem.detail());
        }
        members.put("code", problem.type().name());
        members.put("operation_id", Operation.id());
        members.putAll(problem.members());
        return members;
    }

    private void write(OutputStream out, String event, Object data) throws IOException {
        out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        out.write(json.writeValueAsBytes(data));
        out.write("\n\n".getBytes(StandardCharsets.UTF_8));
    }

    /** How frames look on the wire. */
    @FunctionalInterface
    public interface Format {
        /** Writes one frame; does not flush. */
        void write(Frame frame, OutputStream out) throws IOException;
    }
}
