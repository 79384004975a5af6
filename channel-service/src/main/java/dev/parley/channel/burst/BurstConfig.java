package dev.parley.channel.burst;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long an answer waits for the rest of what a customer writes in pieces. */
@ConfigMapping(prefix = "channel.burst")
public interface BurstConfig {
    /** How long after the latest piece. */
    @WithDefault("1200ms")
    Duration quiet();

    /** How long after the first piece at most. */
    @WithDefault("5s")
    Duration longest();
}
