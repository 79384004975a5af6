package dev.parley.channel.search;

import java.time.Instant;
import java.util.UUID;

/**
 * A message that has the words.
 *
 * @param role user, assistant, staff or notice
 */
public record FoundMessage(
        UUID id, UUID conversationId, String channel, String agent, String role, String text, Instant at) {}
