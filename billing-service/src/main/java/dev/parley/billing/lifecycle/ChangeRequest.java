package dev.parley.billing.lifecycle;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * The plan to change to.
 *
 * @param provider who is paid when nobody is yet; stripe when nothing is said
 */
record ChangeRequest(
        @NotBlank @Size(max = 64) String plan,
        @Nullable @Size(max = 32) String provider) {
    String providerOrDefault() {
        return provider == null ? "stripe" : provider;
    }
}
