package dev.parley.channel.media;

import java.util.UUID;

/**
 * Something that is kept.
 *
 * @param url where it can be had, with the same credentials
 * @param mediaType by its content
 */
public record MediaResponse(UUID id, String url, String mediaType, long bytes) {}
