package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.MediaReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a message of any type says, in words. */
final class WhatsAppText {
    private static final Map<String, String> FILES =
            Map.of("image", "image", "video", "video", "audio", "audio", "document", "document", "sticker", "sticker");

    private WhatsAppText() {}

    /**
     * The written text; for other types a mark of what was sent and what can be said of it; null for what is no
     * utterance, such as a reaction, a deletion, and types that are not known yet.
     */
    static @Nullable String of(JsonNode message) {
        String type = message.path("type").asText("");
        JsonNode content = message.path(type);
        return switch (type) {
            case "text" -> notBlank(content.path("body").asText(""));
            case "image", "video", "document", "audio", "sticker" ->
                words("[" + fileKind(type, content) + "]", content.path("caption"));
            case "location" -> words("[location]", content.path("name"), content.path("address"), coordinates(content));
            case "contacts" -> "[contact] " + list(content, WhatsAppText::contact);
            case "button" -> notBlank(content.path("text").asText(""));
            case "interactive" -> interactive(content);
            case "order" ->
                words("[order]", list(content.path("product_items"), WhatsAppText::item), content.path("text"));
            case "unsupported" -> "[something that WhatsApp does not pass on]";
            default -> null;
        };
    }

    /** The file that the message brings, if it brings one. */
    static List<MediaReference> media(JsonNode message) {
        String type = message.path("type").asText("");
        JsonNode content = message.path(type);
        String id = content.path("id").asText("");
        if (!FILES.containsKey(type) || id.isEmpty()) {
            return List.of();
        }
        return List.of(new MediaReference(
                fileKind(type, content),
                id,
                content.path("mime_type").asText(null),
                content.path("filename").asText(null),
                content.path("file_size").canConvertToLong()
                        ? content.path("file_size").asLong()
                        : null));
    }

    /** The payload of the button that was pressed; null when none was. */
    static @Nullable String payload(JsonNode message) {
        JsonNode interactive = message.path("interactive");
        return switch (message.path("type").asText("")) {
            case "button" -> message.path("button").path("payload").asText(null);
            case "interactive" ->
                Stream.of("button_reply", "list_reply")
                        .map(kind -> interactive.path(kind).path("id").asText(null))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
            default -> null;
        };
    }

    /** The number that the customer has from now on; null when the message says nothing of the kind. */
    static @Nullable String newNumber(JsonNode message) {
        JsonNode system = message.path("system");
        if (!"system".equals(message.path("type").asText())
                || !system.path("type").asText("").endsWith("_changed_number")) {
            return null;
        }
        String number = system.path("wa_id").asText(system.path("new_wa_id").asText(""));
        return number.isEmpty() || number.equals(message.path("from").asText("")) ? null : number;
    }

    private static String fileKind(String type, JsonNode content) {
        return "audio".equals(type) && content.path("voice").asBoolean(false) ? "voice" : FILES.get(type);
    }

    private static @Nullable String interactive(JsonNode interactive) {
        return switch (interactive.path("type").asText("")) {
            case "button_reply" ->
                notBlank(interactive.path("button_reply").path("title").asText(""));
            case "list_reply" ->
                notBlank(interactive.path("list_reply").path("title").asText(""));
            case "nfm_reply" -> words("[form]", interactive.path("nfm_reply").path("response_json"));
            default -> null;
        };
    }

    private static String contact(JsonNode contact) {
        return words(
                contact.path("name").path("formatted_name").asText("somebody"),
                contact.path("phones").path(0).path("phone"));
    }

    private static String item(JsonNode item) {
        return item.path("quantity").asText("1") + " × "
                + item.path("product_retailer_id").asText("?") + " at "
                + item.path("item_price").asText("?") + " "
                + item.path("currency").asText("");
    }

    private static String coordinates(JsonNode location) {
        return location.path("latitude").isNumber()
                        && location.path("longitude").isNumber()
                ? location.path("latitude").asText() + ", "
                        + location.path("longitude").asText()
                : "";
    }

    private static String list(JsonNode items, Function<JsonNode, String> words) {
        return StreamSupport.stream(items.spliterator(), false)
                .limit(50)
                .map(words)
                .map(String::strip)
                .collect(Collectors.joining(", "));
    }

    private static String words(String first, Object... more) {
        return Stream.concat(
                        Stream.of(first),
                        Stream.of(more)
                                .map(part -> part instanceof JsonNode node ? node.asText("") : String.valueOf(part)))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
    }

    private static @Nullable String notBlank(String text) {
        return text.isBlank() ? null : text;
    }
}
