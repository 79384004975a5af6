package dev.parley.channel.push;

import java.util.UUID;

/** An answer that was stored or sent, as its event names it. */
public record SentMessage(UUID messageId, UUID conversationId) {}
