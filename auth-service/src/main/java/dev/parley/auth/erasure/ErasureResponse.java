package dev.parley.auth.erasure;

import java.util.UUID;

/**
 * An erasure that has begun.
 *
 * @param certificateUrl where its certificate will stand; the address is given only here
 */
public record ErasureResponse(UUID id, String status, String certificateUrl) {}
