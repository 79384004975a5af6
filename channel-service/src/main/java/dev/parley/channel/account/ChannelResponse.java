package dev.parley.channel.account;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connected account, without its credentials.
 *
 * @param webhookUrl where the messenger delivers; nothing for accounts by which nothing comes in
 * @param signatureMode {@code enforce}, or {@code observe}: calls with a wrong signature are taken and counted
 * @param observeUntil when observe ends by itself and every wrong signature is refused again
 * @param wouldBeRefused how many were counted since then
 * @param previousCredentialsUntil how long webhooks signed with the credentials before these are taken
 * @param heldTemplate what is sent to a customer who wrote too long ago to get the answer itself
 * @param setup what has to be typed at the messenger together with the webhook's address; shown once, when the account
 *     is connected
 */
public record ChannelResponse(
        UUID id,
        String type,
        String name,
        String agent,
        String status,
        String displayName,
        @Nullable String webhookUrl,
        String signatureMode,
        @Nullable Instant observeUntil,
        long wouldBeRefused,
        @Nullable Instant previousCredentialsUntil,
        @Nullable HeldTemplate heldTemplate,
        @Nullable Map<String, String> setup,
        Instant createdAt,
        Instant updatedAt) {}
