package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.PushNotice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes a notice as FCM HTTP v1 takes it. A later notice of a conversation takes the place of the one before, on each
 * kind of device in its own words.
 */
final class FcmMessage {
    private FcmMessage() {}

    static byte[] written(PushNotice notice, Instant now, ObjectMapper json) {
        String conversation = notice.conversation().toString();
        long seconds = notice.keep().toSeconds();
        ObjectNode request = json.createObjectNode();
        ObjectNode message = request.putObject("message").put("token", notice.token());
        message.putObject("notification").put("title", notice.title()).put("body", notice.body());
        message.putObject("data")
                .put("conversation_id", conversation)
                .put("message_id", notice.message().toString());
        message.putObject("android")
                .put("collapse_key", conversation)
                .put("priority", "HIGH")
                .put("ttl", seconds + "s")
                .putObject("notification")
                .put("tag", conversation);
        ObjectNode apns = message.putObject("apns");
        apns.putObject("headers")
                .put("apns-collapse-id", conversation)
                .put("apns-priority", "10")
                .put("apns-expiration", Long.toString(now.getEpochSecond() + seconds));
        apns.putObject("payload")
                .putObject("aps")
                .put("thread-id", conversation)
                .put("sound", "default");
        ObjectNode web = message.putObject("webpush");
        // A topic has 32 characters at most.
        web.putObject("headers").put("TTL", Long.toString(seconds)).put("Topic", conversation.replace("-", ""));
        web.putObject("notification").put("tag", conversation);
        return bytes(request, json);
    }

    /** A message that Firebase checks and nobody gets. */
    static byte[] trial(ObjectMapper json) {
        ObjectNode request = json.createObjectNode().put("validate_only", true);
        ObjectNode message = request.putObject("message").put("topic", "parley-test");
        message.putObject("notification").put("title", "Parley").put("body", "Parley");
        return bytes(request, json);
    }

    private static byte[] bytes(ObjectNode request, ObjectMapper json) {
        try {
            // As text first: written as bytes, each emoji would be two escapes, three times as long.
            return json.writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always serializable", impossible);
        }
    }
}
