package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.message.SendMessageRequest.Attachment;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns attached images into the content parts that agents take. */
final class Images {
    private static final Map<String, String> TYPE_BY_BASE64_START =
            Map.of("iVBOR", "image/png", "/9j/", "image/jpeg", "R0lG", "image/gif", "UklG", "image/webp");

    private Images() {}

    /** The attachments as stored: {@code [{"type":"image","url":"…"}]}, with bytes as a data address; null for none. */
    static @Nullable ArrayNode stored(@Nullable List<Attachment> attachments, ObjectMapper json) {
        if (attachments == null || attachments.isEmpty()) {
            return null;
        }
        ArrayNode stored = json.createArrayNode();
        for (int i = 0; i < attachments.size(); i++) {
            stored.addObject().put("type", "image").put("url", address(attachments.get(i), i));
        }
        return stored;
    }

    /** The content of a prompt message: the text alone, or the text and its images. */
    static Object content(String text, @Nullable Iterable<com.fasterxml.jackson.databind.JsonNode> stored) {
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

    private static String address(Attachment attachment, int index) {
        if ((attachment.url() == null) == (attachment.data() == null)) {
            throw invalid(index, "must have either url or data");
        }
        if (attachment.url() != null) {
            return attachment.url();
        }
        String data = attachment.data();
        String type = TYPE_BY_BASE64_START.entrySet().stream()
                .filter(known -> data.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> invalid(index, "data must be a PNG, JPEG, GIF or WebP image in base64"));
        try {
            Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException notBase64) {
            throw invalid(index, "data must be base64");
        }
        return "data:" + type + ";base64," + data;
    }

    private static Problem invalid(int index, String detail) {
        return new Problem(MessageProblem.MESSAGE_NOT_VALID)
                .detail("attachments[" + index + "] " + detail)
                .with("errors", ProblemCompletion.error("/attachments/" + index, detail));
    }
}
