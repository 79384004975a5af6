package dev.parley.channel.push;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When devices are notified, and of what. */
@ConfigMapping(prefix = "channel.push")
public interface PushConfig {
    /** How long after an answer nobody must have read it; long enough for the news that somebody did. */
    @WithDefault("2s")
    Duration grace();

    /** How often it is looked whether something is due. */
    @WithDefault("1s")
    Duration interval();

    /** How long after an answer a device may still be told of it, by us and by the vendor. */
    @WithDefault("1h")
    Duration keep();

    /** How long one sending may take; what is not over by then is ambiguous. Longer than four of the vendor's time-outs. */
    @WithDefault("90s")
    Duration lease();

    /** The most code points of an answer that a device shows. */
    @WithDefault("160")
    int preview();

    /** How many devices of a tenant are notified at a time. */
    @WithDefault("16")
    int atOnce();

    /** How many devices of all tenants are notified at a time; half of the connections to the vendor. */
    @WithDefault("32")
    int inFlight();
}
