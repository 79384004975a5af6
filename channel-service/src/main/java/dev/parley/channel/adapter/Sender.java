package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Who wrote.
 *
 * @param id the vendor's id
 * @param language a BCP 47 tag
 * @param phone the number, as the vendor wrote it; null where the vendor knows people by other names
 */
public record Sender(
        String id,
        @Nullable String displayName,
        @Nullable String username,
        @Nullable String language,
        @Nullable String phone) {}
