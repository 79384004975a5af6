package dev.parley.channel.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns attached images into the content parts that agents take. */
public final class Images {
    /** Where a picture that is kept here has its address. */
    public static final String KEPT = "/api/v1/media/";

    private static final String TYPE = "image_url";

    private Images() {}

    /** The content of a prompt message: the text alone, or the text and its images. */
    public static Object content(String text, @Nullable Iterable<JsonNode> stored) {
        if (stored == null) {
            return text;
        }
        Stream.Builder<Object> parts = Stream.builder();
        parts.add(Map.of("type", "text", "text", text));
        stored.forEach(image -> parts.add(part(image.path("url").asText())));
        return parts.build().toList();
    }

    /** The content of a prompt message: the text and these pictures. */
    static Object content(String text, List<String> addresses) {
        Stream.Builder<Object> parts = Stream.builder();
        parts.add(Map.of("type", "text", "text", text));
        addresses.forEach(address -> parts.add(part(address)));
        return parts.build().toList();
    }

    /** The pictures of a content that are kept here, and that no agent can fetch. */
    static List<UUID> kept(Object content) {
        return content instanceof List<?> parts
                ? parts.stream().flatMap(part -> kept(address(part)).stream()).toList()
                : List.of();
    }

    /** The same content with other addresses for what is kept here, and without what has none any more. */
    static Object resolved(Object content, UnaryOperator<@Nullable String> addresses) {
        return content instanceof List<?> parts
                ? parts.stream()
                        .<Object>mapMulti((part, kept) -> {
                            String address = kept(address(part)).isEmpty() ? null : addresses.apply(address(part));
                            if (address != null) {
                                kept.accept(part(address));
                            } else if (kept(address(part)).isEmpty()) {
                                kept.accept(part);
                            }
                        })
                        .toList()
                : content;
    }

    private static Optional<UUID> kept(String address) {
        return address.startsWith(KEPT)
                ? Optional.of(UUID.fromString(address.substring(KEPT.length())))
                : Optional.empty();
    }

    private static String address(Object part) {
        return part instanceof Map<?, ?> map && map.get(TYPE) instanceof Map<?, ?> image
                ? String.valueOf(image.get("url"))
                : "";
    }

    private static Map<String, Object> part(String address) {
        return Map.of("type", TYPE, TYPE, Map.of("url", address));
    }
}
