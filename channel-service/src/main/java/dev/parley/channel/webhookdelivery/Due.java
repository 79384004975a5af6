package dev.parley.channel.webhookdelivery;

import java.time.Instant;
import java.util.UUID;

/**
 * A delivery whose time has come.
 *
 * @param tries the attempts since it was told or replayed
 * @param version the version of its endpoint
 * @param readAt when it was read, by the database's clock
 */
record Due(UUID event, String payload, int tries, int version, Instant readAt) {}
