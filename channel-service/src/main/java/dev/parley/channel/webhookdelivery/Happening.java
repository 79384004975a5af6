package dev.parley.channel.webhookdelivery;

import java.util.UUID;

/**
 * Something that endpoints may be told.
 *
 * @param id of the event: the webhook's id, whoever is told and however often
 * @param payload the text that is signed and sent
 */
public record Happening(UUID id, String type, String payload) {}
