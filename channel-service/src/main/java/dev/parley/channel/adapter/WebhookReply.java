package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * What a vendor reads when it called us.
 *
 * @param contentType null without a body
 */
public record WebhookReply(
        int status, @Nullable String contentType, @Nullable String body) {
    /** 200 without a body. */
    public static final WebhookReply EMPTY = new WebhookReply(200, null, null);

    /** 403 without a body: a handshake that somebody else began. */
    public static final WebhookReply FORBIDDEN = new WebhookReply(403, null, null);

    /** 200 with a text. */
    public static WebhookReply text(String contentType, String body) {
        return new WebhookReply(200, contentType, body);
    }
}
