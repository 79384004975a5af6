package dev.parley.channel.account;

import java.time.Instant;
import java.util.UUID;

/** A connected account, without its credentials. */
public record ChannelResponse(
        UUID id,
        String type,
        String name,
        String agent,
        String status,
        String displayName,
        String webhookUrl,
        Instant createdAt,
        Instant updatedAt) {}
