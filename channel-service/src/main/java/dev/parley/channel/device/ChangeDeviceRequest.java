package dev.parley.channel.device;

import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a device; what is absent stays.
 *
 * @param token the new one, which the vendor gave the app in place of the one before
 * @param language a BCP 47 tag
 */
public record ChangeDeviceRequest(
        @Nullable @Pattern(regexp = DeviceToken.FORM, message = DeviceToken.MUST)
        String token,

        @Nullable @Pattern(regexp = DeviceToken.LANGUAGE, message = "must be a language tag")
        String language) {
    @Override
    public String toString() {
        return "ChangeDeviceRequest[]";
    }
}
