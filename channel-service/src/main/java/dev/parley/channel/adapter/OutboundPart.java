package dev.parley.channel.adapter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message as a vendor takes it: within the channel's limits, sent by one call. It is stored until it is sent. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OutboundPart.Text.class, name = "text"),
    @JsonSubTypes.Type(value = OutboundPart.Media.class, name = "media"),
    @JsonSubTypes.Type(value = OutboundPart.Template.class, name = "template")
})
public sealed interface OutboundPart {
    /**
     * Words, and answers to choose from.
     *
     * @param marks how the words look, for a channel that takes that beside them; none in what was stored before
     */
    record Text(
            String text,
            List<Button> buttons,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Mark> marks) implements OutboundPart {
        /** What was stored without marks has none. */
        public Text {
            marks = marks == null ? List.of() : marks;
        }

        /** Words that look alike, and answers to choose from. */
        public Text(String text, List<Button> buttons) {
            this(text, buttons, List.of());
        }

        /** Words alone. */
        public Text(String text) {
            this(text, List.of());
        }
    }

    /** A picture, a recording or a document, which the vendor fetches. */
    record Media(
            String kind,
            String url,
            @Nullable String fileName,
            @Nullable String caption) implements OutboundPart {}

    /**
     * A message that the vendor approved beforehand.
     *
     * @param language as the vendor writes it, such as {@code en_US}
     * @param parameters what stands in its places, in order
     */
    record Template(String name, String language, List<String> parameters) implements OutboundPart {}
}
