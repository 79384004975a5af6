package dev.parley.channel.message;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.message.SendMessageRequest.Attachment;
import dev.parley.channel.turn.MessageProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the images that a request brings. */
final class AttachedImages {
    private static final Map<String, String> TYPE_BY_BASE64_START =
            Map.of("iVBOR", "image/png", "/9j/", "image/jpeg", "R0lG", "image/gif", "UklG", "image/webp");

    private AttachedImages() {}

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
