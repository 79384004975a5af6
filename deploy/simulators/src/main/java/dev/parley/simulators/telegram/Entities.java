package dev.parley.simulators.telegram;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Checks the entities beside a text as the Bot API does: their bounds count UTF-16 units and cut no character. */
final class Entities {

    private static final Set<String> TYPES = Set.of(
            "blockquote",
            "bold",
            "code",
            "custom_emoji",
            "expandable_blockquote",
            "italic",
            "pre",
            "spoiler",
            "strikethrough",
            "text_link",
            "text_mention",
            "underline");

    private Entities() {}

    /** Throws as Telegram answers when one cannot stand beside that text. */
    static void check(String text, JsonArray entities) {
        for (Object each : entities) {
            if (!(each instanceof JsonObject entity)
                    || !TYPES.contains(entity.getString("type", ""))
                    || (entity.getString("type").equals("text_link")
                            && entity.getString("url", "").isEmpty())) {
                throw TelegramProblem.bad("can't parse entities: " + each);
            }
            int begin = entity.getInteger("offset", -1);
            int end = begin + entity.getInteger("length", 0);
            if (begin < 0 || end <= begin) {
                throw TelegramProblem.bad("can't parse entities: " + each);
            }
            if (end > text.length()) {
                throw TelegramProblem.bad("entity beginning at UTF-16 offset " + begin
                        + " ends after the end of the text at UTF-16 offset " + end);
            }
            if (inCharacter(text, begin)) {
                throw TelegramProblem.bad("entity begins in a middle of a UTF-16 symbol at offset " + begin);
            }
            if (inCharacter(text, end)) {
                throw TelegramProblem.bad("entity beginning at UTF-16 offset " + begin
                        + " ends in a middle of a UTF-16 symbol at offset " + end);
            }
        }
    }

    private static boolean inCharacter(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
