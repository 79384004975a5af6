package dev.parley.channel.account;

import java.time.Instant;
import java.util.UUID;

/** An account as stored; its credentials stay encrypted. */
record ChannelAccount(
        UUID id,
        String type,
        String name,
        String agent,
        String status,
        String externalId,
        String displayName,
        byte[] credentials,
        Instant createdAt,
        Instant updatedAt) {
    ChannelResponse response(String webhookUrl) {
        return new ChannelResponse(id, type, name, agent, status, displayName, webhookUrl, createdAt, updatedAt);
    }
}
