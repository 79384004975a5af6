package dev.parley.auth.apikey;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** How often a key may be used; the limits of its tenant hold as well. */
public record RateLimit(@NotNull @Min(1) @Max(1_000_000) Integer requestsPerMinute) {}
