package dev.parley.channel.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How replies are sent to messengers. */
@ConfigMapping(prefix = "channel.delivery")
public interface DeliveryConfig {
    /** For what is written down before and after a send. */
    Duration MARGIN = Duration.ofSeconds(5);

    /** How long a sender may take; later the send is ambiguous. Longer than the vendor's time-outs together. */
    @WithDefault("30s")
    Duration lease();

    /** As {@link #lease}, and longer for who may take longer. */
    default Duration lease(Duration longestSend) {
        Duration longer = longestSend.plus(MARGIN);
        return longer.compareTo(lease()) > 0 ? longer : lease();
    }

    /** How often sends that a dead process left behind are looked for. */
    @WithDefault("1s")
    Duration sweepInterval();

    /** How long a send may be due before the sweeper takes it for left behind. */
    @WithDefault("2s")
    Duration sweepGrace();

    /** How long a message is tried from its first attempt on, while the vendor says that it may be taken later. */
    @WithDefault("1h")
    Duration giveUpAfter();

    /** How long a message is held for a customer who does not write again; then it is never sent. */
    @WithDefault("48h")
    Duration longestHeld();

    /** How long a vendor's word about a message that we do not know is kept. */
    @WithDefault("1d")
    Duration earlyStatusMemory();
}
