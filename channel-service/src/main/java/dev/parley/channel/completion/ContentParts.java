package dev.parley.channel.completion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.turn.Images;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the content parts that OpenAI's clients send into those that agents take. */
final class ContentParts {
    private static final int LONGEST_NAME = 255;
    private static final Pattern PICTURE = Pattern.compile("(?i)(https://|data:image/)");
    private static final Pattern FILE = Pattern.compile("data:(application/pdf|audio/(?:mpeg|wav|ogg|mp4));base64,");
    private static final Map<String, String> AUDIO =
            Map.of("mp3", "audio/mpeg", "wav", "audio/wav", "ogg", "audio/ogg", "m4a", "audio/mp4");

    private ContentParts() {}

    /**
     * The parts of the message with that index: texts and pictures as they are, and from the user files and audio, both
     * as a file with its bytes. Anything else is refused.
     */
    static List<Object> read(JsonNode content, String role, int index, ObjectMapper json) {
        List<Object> parts = new ArrayList<>(content.size());
        for (JsonNode part : content) {
            parts.add(
                    switch (part.path("type").asText("")) {
                        case "text" -> text(part, index);
                        case "image_url" -> picture(part, index, json);
                        case "file" -> file(fromUser(part.path("file"), role, index), index);
                        case "input_audio" -> audio(fromUser(part.path("input_audio"), role, index), index);
                        default ->
                            throw refused(index, "has a part that is none of text, image_url, file and input_audio");
                    });
        }
        return parts;
    }

    /** What people read of it: its texts, and what else there is. */
    static String plain(List<?> parts) {
        return String.join("\n", parts.stream().map(ContentParts::plain).toList());
    }

    private static String plain(Object part) {
        Map<?, ?> members = (Map<?, ?>) part;
        if (members.get("text") instanceof String text) {
            return text;
        }
        if (members.get("file") instanceof Map<?, ?> file) {
            return String.valueOf(file.get("file_data")).startsWith("data:audio/") ? "[audio]" : "[file]";
        }
        return "[image]";
    }

    /** Without what else stands beside the text: an address there would be looked up like that of a picture. */
    private static Object text(JsonNode part, int index) {
        if (!part.path("text").isTextual()) {
            throw refused(index, "has a part of type text without a text");
        }
        return Map.of("type", "text", "text", part.path("text").textValue());
    }

    /** Addresses of our own would be looked up here, in the name of whoever asks. */
    private static Object picture(JsonNode part, int index, ObjectMapper json) {
        if (!PICTURE.matcher(part.path("image_url").path("url").asText("")).lookingAt()) {
            throw refused(index, "has an image_url whose url is neither an https address nor a data:image URL");
        }
        return Map.of("type", "image_url", "image_url", json.convertValue(part.path("image_url"), Map.class));
    }

    private static JsonNode fromUser(JsonNode given, String role, int index) {
        if (!role.equals("user")) {
            throw refused(index, "has a file or audio, which only the user gives");
        }
        return given;
    }

    private static Object file(JsonNode file, int index) {
        String data = file.path("file_data").asText("");
        Matcher head = FILE.matcher(data);
        if (!head.lookingAt() || !isBase64(data.substring(head.end()))) {
            throw refused(
                    index,
                    "has a file that is not a PDF or audio (mpeg, wav, ogg, mp4) in base64, as a data: URL in"
                            + " file_data");
        }
        return Images.part(head.group(1), name(file.path("filename"), index), data);
    }

    private static @Nullable String name(JsonNode given, int index) {
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isTextual() || given.textValue().length() > LONGEST_NAME) {
            throw refused(index, "has a filename that is not a text of at most " + LONGEST_NAME + " characters");
        }
        return given.textValue();
    }

    private static Object audio(JsonNode audio, int index) {
        String type = AUDIO.get(audio.path("format").asText(""));
        String data = audio.path("data").asText("");
        if (type == null || !isBase64(data)) {
            throw refused(index, "has an input_audio that is not mp3, wav, ogg or m4a, in base64");
        }
        return Images.part(type, null, "data:" + type + ";base64," + data);
    }

    /** What no provider could read would look like the provider's failure. */
    private static boolean isBase64(String data) {
        try {
            return Base64.getDecoder().decode(data).length > 0;
        } catch (IllegalArgumentException broken) {
            return false;
        }
    }

    private static Problem refused(int index, String why) {
        return new Problem(CompletionProblem.COMPLETION_NOT_VALID).detail("messages[" + index + "].content " + why);
    }
}
