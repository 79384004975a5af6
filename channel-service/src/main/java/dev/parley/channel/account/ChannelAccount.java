package dev.parley.channel.account;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account as stored; its credentials stay encrypted.
 *
 * @param previousCredentials those before them, good for webhooks until {@code previousUntil}; both null or neither
 * @param credentialsNo counts the credentials that there were: two changes at once are not mixed
 * @param signatureMode as it is now: observe ends by itself
 * @param observeUntil when it ends, or ended; null when it is not observe
 * @param wouldBeRefused calls with a wrong signature that were taken since the mode is observe
 */
record ChannelAccount(
        UUID id,
        String type,
        String name,
        String agent,
        String status,
        String externalId,
        String displayName,
        byte[] credentials,
        long credentialsNo,
        byte @Nullable [] previousCredentials,
        @Nullable Instant previousUntil,
        SignatureMode signatureMode,
        @Nullable Instant observeUntil,
        long wouldBeRefused,
        @Nullable HeldTemplate heldTemplate,
        Instant createdAt,
        Instant updatedAt) {
    ChannelResponse response(@Nullable String webhookUrl) {
        return response(webhookUrl, null);
    }

    ChannelResponse response(@Nullable String webhookUrl, @Nullable Map<String, String> setup) {
        return new ChannelResponse(
                id,
                type,
                name,
                agent,
                status,
                displayName,
                webhookUrl,
                signatureMode.written(),
                signatureMode == SignatureMode.OBSERVE ? observeUntil : null,
                wouldBeRefused,
                previousUntil,
                heldTemplate,
                setup,
                createdAt,
                updatedAt);
    }
}
