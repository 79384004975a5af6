package dev.parley.channel.device;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A device on which a customer's app shows answers.
 *
 * @param token what the vendor calls the app on that device
 * @param language a BCP 47 tag; the contact's when nothing is said
 * @param contactId whose it is, where the tenant knows that; the conversation's contact when nothing is said
 * @param channelId the channel through which it is notified; may be left out where there is one
 */
public record RegisterDeviceRequest(
        @NotNull @Pattern(regexp = DeviceToken.FORM, message = DeviceToken.MUST)
        String token,

        @NotNull @Pattern(regexp = "android|ios|web", message = "must be android, ios or web")
        String platform,

        @Nullable @Pattern(regexp = DeviceToken.LANGUAGE, message = "must be a language tag")
        String language,

        @Nullable UUID contactId,
        @Nullable UUID channelId) {
    @Override
    public String toString() {
        return "RegisterDeviceRequest[" + platform + "]";
    }
}
