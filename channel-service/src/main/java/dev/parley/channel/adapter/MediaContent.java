package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * A file that came whole with a customer's message, so that nobody has to fetch it.
 *
 * @param fileName the customer's name for it
 */
public record MediaContent(@Nullable String fileName, byte[] bytes) {}
