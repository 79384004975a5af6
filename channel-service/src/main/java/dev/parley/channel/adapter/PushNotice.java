package dev.parley.channel.adapter;

import java.time.Duration;
import java.util.UUID;

/**
 * What a device is to show.
 *
 * @param token the vendor's address of the app on the device, in clear
 * @param title who speaks
 * @param body what was said, or that something was
 * @param keep how long the vendor may go on trying to reach the device
 */
public record PushNotice(String token, UUID conversation, UUID message, String title, String body, Duration keep) {
    @Override
    public String toString() {
        return "PushNotice[" + message + "]";
    }
}
