package dev.parley.channel.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an account's vendor complains of, until it takes something again.
 *
 * @param pausedUntil until when nothing is sent through the account; null when other things may go through
 */
record ChannelTrouble(String reason, @Nullable Instant pausedUntil) {}
