package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Something that a customer sent and that is still with the vendor. What the vendor says of it is not to be trusted.
 *
 * @param kind image, audio, video, document, sticker or voice
 * @param providerId what {@link MessengerAdapter#fetch} needs to find it
 * @param mimeType the vendor's word for its type
 * @param fileName the customer's name for it
 * @param bytes its size according to the vendor
 */
public record MediaReference(
        String kind,
        String providerId,
        @Nullable String mimeType,
        @Nullable String fileName,
        @Nullable Long bytes) {}
