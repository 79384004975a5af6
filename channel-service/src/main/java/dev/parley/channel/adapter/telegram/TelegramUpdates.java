package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundEvent.InboundMessage;
import dev.parley.channel.adapter.InboundEvent.Sender;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Telegram's updates. Kinds that nobody answers are told as such, so that they are stored and acknowledged. */
final class TelegramUpdates {
    private static final String MESSAGE = "message";
    private static final List<String> MEDIA = List.of(
            "photo",
            "video",
            "animation",
            "audio",
            "voice",
            "video_note",
            "document",
            "sticker",
            "location",
            "venue",
            "contact",
            "poll",
            "dice");

    private final ObjectMapper json;

    TelegramUpdates(ObjectMapper json) {
        this.json = json;
    }

    InboundEvent parse(byte[] body) {
        JsonNode update;
        try {
            update = json.readTree(body);
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not JSON", malformed);
        }
        if (update == null || !update.path("update_id").canConvertToLong()) {
            throw new IllegalArgumentException("not an update");
        }
        String kind = kind(update);
        return new InboundEvent(
                update.path("update_id").asText(), kind, MESSAGE.equals(kind) ? message(update.path(MESSAGE)) : null);
    }

    private static String kind(JsonNode update) {
        for (Iterator<String> names = update.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!"update_id".equals(name)) {
                return name.length() > 64 ? name.substring(0, 64) : name;
            }
        }
        return "empty";
    }

    private static @Nullable InboundMessage message(JsonNode message) {
        JsonNode from = message.path("from");
        JsonNode chat = message.path("chat");
        String text = text(message);
        boolean fromPerson =
                from.path("id").canConvertToLong() && !from.path("is_bot").asBoolean(false);
        if (!fromPerson || !chat.path("id").canConvertToLong() || text == null) {
            return null;
        }
        return new InboundMessage(
                chat.path("id").asText(),
                sender(from),
                text,
                Instant.ofEpochSecond(Math.max(0, message.path("date").asLong(0))),
                message.path("message_id").asLong(0));
    }

    private static Sender sender(JsonNode from) {
        String name = Stream.of("first_name", "last_name")
                .map(part -> from.path(part).asText(""))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
        return new Sender(
                from.path("id").asText(),
                name.isEmpty() ? null : name,
                from.path("username").asText(null),
                from.path("language_code").asText(null));
    }

    /** The written text; for media its caption behind a mark of what was sent; null for what is no utterance. */
    private static @Nullable String text(JsonNode message) {
        if (message.path("text").isTextual()) {
            String text = message.path("text").asText();
            return text.isBlank() ? null : text;
        }
        for (String medium : MEDIA) {
            if (message.has(medium)) {
                String caption = message.path("caption").asText("");
                String emoji = message.path(medium).path("emoji").asText("");
                return ("[" + medium.replace('_', ' ') + (emoji.isEmpty() ? "" : " " + emoji) + "] " + caption).strip();
            }
        }
        return null;
    }
}
