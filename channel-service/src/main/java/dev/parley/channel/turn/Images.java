package dev.parley.channel.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns attached images into the content parts that agents take. */
public final class Images {
    private Images() {}

    /** The content of a prompt message: the text alone, or the text and its images. */
    public static Object content(String text, @Nullable Iterable<JsonNode> stored) {
        if (stored == null) {
            return text;
        }
        Stream.Builder<Object> parts = Stream.builder();
        parts.add(Map.of("type", "text", "text", text));
        stored.forEach(image -> parts.add(Map.of(
                "type",
                "image_url",
                "image_url",
                Map.of("url", image.path("url").asText()))));
        return parts.build().toList();
    }

    /** The content of a prompt message: the text and these pictures. */
    static Object content(String text, List<String> addresses) {
        Stream.Builder<Object> parts = Stream.builder();
        parts.add(Map.of("type", "text", "text", text));
        addresses.forEach(address -> parts.add(Map.of("type", "image_url", "image_url", Map.of("url", address))));
        return parts.build().toList();
    }
}
