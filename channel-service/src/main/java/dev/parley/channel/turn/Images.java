package dev.parley.channel.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what is attached into the content parts that agents take. */
public final class Images {
    /** Where a picture that is kept here has its address. */
    public static final String KEPT = "/api/v1/media/";

    private static final String TYPE = "image_url";
    private static final String FILE = "file";

    private Images() {}

    /** The content of a prompt message: the text alone, or the text and what is attached. */
    public static Object content(String text, @Nullable Iterable<JsonNode> stored) {
        if (stored == null) {
            return text;
        }
        Stream.Builder<Object> parts = Stream.builder();
        parts.add(Map.of("type", "text", "text", text));
        stored.forEach(one -> parts.add(
                one.path("type").asText().equals("image")
                        ? part(one.path("url").asText())
                        : file(null, one.path("url").asText())));
        return parts.build().toList();
    }

    /** The content of a prompt message: the text and these parts. */
    static Object content(String text, List<Object> more) {
        return Stream.concat(Stream.of(Map.of("type", "text", "text", text)), more.stream())
                .toList();
    }

    /** Something as a part of a prompt message, its bytes as a data address. */
    public static Object part(String mediaType, @Nullable String name, String address) {
        return mediaType.startsWith("image/") ? part(address) : file(name, address);
    }

    /** What of a content is kept here, and no agent can fetch. */
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
                                kept.accept(resolved(part, address));
                            } else if (kept(address(part)).isEmpty()) {
                                kept.accept(part);
                            }
                        })
                        .toList()
                : content;
    }

    /** The tokens of something attached. */
    static long tokens(Object part, Map<UUID, Long> kept) {
        String address = address(part);
        return kept(address).map(id -> kept.getOrDefault(id, 0L)).orElseGet(() -> FileTokens.of(address));
    }

    private static Optional<UUID> kept(String address) {
        return address.startsWith(KEPT)
                ? Optional.of(UUID.fromString(address.substring(KEPT.length())))
                : Optional.empty();
    }

    private static Object resolved(Object part, String address) {
        if (!address.startsWith("data:")) {
            return Map.of("type", "text", "text", address);
        }
        return isFile(part) ? file(null, address) : part(address);
    }

    private static boolean isFile(Object part) {
        return part instanceof Map<?, ?> map && map.containsKey(FILE);
    }

    private static String address(Object part) {
        if (part instanceof Map<?, ?> map && map.get(TYPE) instanceof Map<?, ?> image) {
            return String.valueOf(image.get("url"));
        }
        return part instanceof Map<?, ?> map && map.get(FILE) instanceof Map<?, ?> file
                ? String.valueOf(file.get("file_data"))
                : "";
    }

    private static Map<String, Object> file(@Nullable String name, String address) {
        return Map.of(
                "type",
                FILE,
                FILE,
                name == null ? Map.of("file_data", address) : Map.of("filename", name, "file_data", address));
    }

    private static Map<String, Object> part(String address) {
        return Map.of("type", TYPE, TYPE, Map.of("url", address));
    }
}
