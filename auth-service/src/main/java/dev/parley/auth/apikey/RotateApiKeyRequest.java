package dev.parley.auth.apikey;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/**
 * How a key is to be replaced.
 *
 * @param overlapSeconds how long the old key still works; null for a day, 0 for not at all
 */
public record RotateApiKeyRequest(
        @Nullable @Min(0) @Max(604_800) Integer overlapSeconds) {}
