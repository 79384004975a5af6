package dev.parley.channel.otp;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A one-time code, without the code.
 *
 * @param conversationId where it was sent
 * @param delivery how far it came, as the messenger tells
 * @param operationId what {@code GET /api/v1/operations/{id}} tells more of
 */
public record OtpResponse(
        UUID id,

        @Schema(enumeration = {"pending", "approved", "expired", "exhausted", "cancelled"})
        String state,

        int triesLeft,
        UUID channelId,
        UUID conversationId,
        String to,
        String purpose,
        String reference,
        @Nullable String delivery,
        UUID operationId,
        Instant expiresAt,
        @Nullable Instant approvedAt,
        Instant createdAt) {
    OtpResponse delivered(@Nullable String how) {
        return new OtpResponse(
                id,
                state,
                triesLeft,
                channelId,
                conversationId,
                to,
                purpose,
                reference,
                how,
                operationId,
                expiresAt,
                approvedAt,
                createdAt);
    }
}
