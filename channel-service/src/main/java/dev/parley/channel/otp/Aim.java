package dev.parley.channel.otp;

import dev.parley.channel.adapter.Addressee;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a code would go.
 *
 * @param conversation null when there was none with that person yet
 */
record Aim(
        UUID account,
        String channel,
        String agent,
        Addressee addressee,
        @Nullable UUID conversation) {
    /** What the limits know the recipient by. */
    String recipient() {
        return addressee.phone() == null ? addressee.id() : addressee.phone();
    }
}
