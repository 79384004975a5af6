package dev.parley.channel.contact;

import org.jspecify.annotations.Nullable;

/**
 * How a tenant's contacts are known.
 *
 * @param defaultRegion what the tenant set; null where it set nothing
 * @param effectiveRegion what holds: that, or the platform's
 */
public record ContactSettingsResponse(@Nullable String defaultRegion, String effectiveRegion) {}
