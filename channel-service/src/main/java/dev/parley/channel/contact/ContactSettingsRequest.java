package dev.parley.channel.contact;

import jakarta.validation.constraints.AssertTrue;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a tenant's contacts are to be known.
 *
 * @param defaultRegion the region, ISO 3166, of phone numbers that are written without their country; null or left out:
 *     the platform's
 */
public record ContactSettingsRequest(@Nullable String defaultRegion) {
    /** Whether there is such a region. */
    @Schema(hidden = true)
    @AssertTrue(message = "must be a region that has phone numbers")
    boolean isDefaultRegionKnown() {
        return defaultRegion == null || PhoneNumbers.isRegion(defaultRegion);
    }
}
