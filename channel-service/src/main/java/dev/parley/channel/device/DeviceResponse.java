package dev.parley.channel.device;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A device that is notified of answers in a conversation; its token is never shown.
 *
 * @param channelId the channel through which it is notified
 * @param contactId whose it is, as was said when it was registered
 * @param lastSeenAt when its app registered it last
 */
public record DeviceResponse(
        UUID id,
        UUID conversationId,
        UUID channelId,
        @Nullable UUID contactId,
        String platform,
        @Nullable String language,
        Instant lastSeenAt,
        Instant createdAt) {}
