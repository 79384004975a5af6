package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.adapter.vendor.VendorTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Telegram's updates. Kinds that nobody answers are told as such, so that they are stored and acknowledged. */
final class TelegramUpdates {
    private static final String MESSAGE = "message";
    private static final String EDITED = "edited_message";
    static final String CALLBACK = "callback_query";
    /** What can be fetched, and as what; an animation comes as a document too, so the order counts. */
    private static final Map<String, String> FILES = files();

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
    private final Clock clock;

    TelegramUpdates(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("photo", "image");
        files.put("voice", "voice");
        files.put("audio", "audio");
        files.put("video", "video");
        files.put("video_note", "video");
        files.put("animation", "video");
        files.put("sticker", "sticker");
        files.put("document", "document");
        return files;
    }

    /** The id under which a pressed button is answered; empty when none was pressed. */
    Optional<String> callback(byte[] body) {
        try {
            return Optional.ofNullable(
                    json.readTree(body).path(CALLBACK).path("id").asText(null));
        } catch (IOException malformed) {
            return Optional.empty();
        }
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
        String id = update.path("update_id").asText();
        InboundEvent told =
                switch (kind) {
                    case MESSAGE -> message(id, update.path(MESSAGE));
                    case EDITED -> edit(id, update.path(EDITED));
                    case CALLBACK -> event(id, kind, pressed(update.path(CALLBACK)));
                    default -> null;
                };
        return told == null ? new InboundEvent.Other(id, kind, new String(body, StandardCharsets.UTF_8)) : told;
    }

    private static @Nullable InboundEvent event(String id, String kind, @Nullable InboundMessage message) {
        return message == null ? null : new InboundEvent.Message(id, kind, message);
    }

    /** A group that became a supergroup says so twice, in the old chat and in the new one. */
    private @Nullable InboundEvent message(String id, JsonNode message) {
        JsonNode chat = message.path("chat").path("id");
        JsonNode to = message.path("migrate_to_chat_id");
        JsonNode from = message.path("migrate_from_chat_id");
        if (isGroup(chat) && isGroup(to)) {
            return new InboundEvent.Move(id, MESSAGE, chat.asText(), to.asText());
        }
        if (isGroup(chat) && isGroup(from)) {
            return new InboundEvent.Move(id, MESSAGE, from.asText(), chat.asText());
        }
        return event(id, MESSAGE, message(message));
    }

    /** Groups have negative ids; nobody else ever moves. */
    private static boolean isGroup(JsonNode chat) {
        return chat.canConvertToLong() && chat.asLong() < 0;
    }

    private @Nullable InboundEvent edit(String id, JsonNode message) {
        InboundMessage edited = message(message);
        return edited == null
                ? null
                : new InboundEvent.Edit(id, EDITED, edited.thread(), edited.order(), edited.text());
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

    private @Nullable InboundMessage message(JsonNode message) {
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
                VendorTime.ofEpochSecond(message.path("date").asLong(0), clock),
                message.path("message_id").asLong(0),
                media(message),
                null);
    }

    /** A button under one of the bot's messages; Telegram tells no time, so it is now. */
    private @Nullable InboundMessage pressed(JsonNode query) {
        JsonNode under = query.path("message");
        String payload = query.path("data").asText("");
        if (!query.path("from").path("id").canConvertToLong()
                || !under.path("chat").path("id").canConvertToLong()
                || payload.isEmpty()) {
            return null;
        }
        return new InboundMessage(
                under.path("chat").path("id").asText(),
                sender(query.path("from")),
                title(under, payload),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                under.path("message_id").asLong(0),
                List.of(),
                payload);
    }

    private static String title(JsonNode message, String payload) {
        for (JsonNode row : message.path("reply_markup").path("inline_keyboard")) {
            for (JsonNode button : row) {
                if (payload.equals(button.path("callback_data").asText())) {
                    return button.path("text").asText(payload);
                }
            }
        }
        return payload;
    }

    private static List<MediaReference> media(JsonNode message) {
        return FILES.entrySet().stream()
                .filter(file -> message.has(file.getKey()))
                .limit(1)
                .map(file -> {
                    JsonNode medium = message.path(file.getKey());
                    // A picture comes in several sizes, the largest last.
                    return reference(file.getValue(), medium.isArray() ? medium.path(medium.size() - 1) : medium);
                })
                .filter(reference -> !reference.providerId().isEmpty())
                .toList();
    }

    private static MediaReference reference(String kind, JsonNode medium) {
        return new MediaReference(
                kind,
                medium.path("file_id").asText(""),
                medium.path("mime_type").asText("image".equals(kind) ? "image/jpeg" : null),
                medium.path("file_name").asText(null),
                medium.path("file_size").canConvertToLong()
                        ? medium.path("file_size").asLong()
                        : null);
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
                from.path("language_code").asText(null),
                null);
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
