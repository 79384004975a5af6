package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Something to be sent that the vendor fetches from us.
 *
 * @param kind image, audio, video or document
 * @param url a public address from which the vendor can fetch it
 * @param caption what is shown beside it
 */
public record OutboundMedia(
        String kind,
        String url,
        @Nullable String fileName,
        @Nullable String caption) {}
