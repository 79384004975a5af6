package dev.parley.channel.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How replies are sent to messengers. */
@ConfigMapping(prefix = "channel.delivery")
public interface DeliveryConfig {
    /** How long a sender may take; later the send is ambiguous. Longer than the vendor's time-outs together. */
    @WithDefault("30s")
    Duration lease();

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
