package dev.parley.channel.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.stream.StreamRepository.Told;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;

/** What sockets are told, as {@code {"type","at","cursor","data"}}. */
@ApplicationScoped
class StreamFormat {
    private final ObjectMapper json;
    private final Clock clock;

    StreamFormat(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** An event that has a place. */
    String text(Told event) {
        try {
            return write(head(event.type(), event.at())
                    .put("cursor", event.cursor().toString())
                    .set("data", json.readTree(event.payload())));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }

    /** An event of which only what is true now matters. */
    String text(String type, Instant at, JsonNode data) {
        return write(head(type, at).set("data", data));
    }

    /** From where on a client hears what happens: with this place it misses nothing, should it be cut off at once. */
    String opened(StreamCursor place) {
        return placed("stream.opened", place);
    }

    /** That more was missed than is remembered: what is shown has to be loaded again. */
    String reset(StreamCursor place) {
        return placed("stream.reset", place);
    }

    private String placed(String type, StreamCursor place) {
        return write(head(type, clock.instant()).put("cursor", place.toString()).set("data", json.createObjectNode()));
    }

    private ObjectNode head(String type, Instant at) {
        return json.createObjectNode().put("type", type).put("at", at.toString());
    }

    private String write(JsonNode event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always serializable", impossible);
        }
    }
}
