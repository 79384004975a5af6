package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of something that a customer sent.
 *
 * @param mimeType the vendor's word for its type; whoever keeps the bytes looks for itself
 */
public record MediaContent(
        byte[] bytes, @Nullable String mimeType, @Nullable String fileName) {}
