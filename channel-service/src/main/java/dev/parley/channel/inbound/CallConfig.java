package dev.parley.channel.inbound;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much of this process webhook calls may have. */
@ConfigMapping(prefix = "channel.call")
public interface CallConfig {
    /** The most bytes that long calls have of this process's memory. */
    @WithDefault("48M")
    MemorySize memory();

    /** How long a long call waits for its share of that, and behind other long calls to its account. */
    @WithDefault("2s")
    Duration patience();

    /** How long a call's body may be on its way. */
    @WithDefault("30s")
    Duration longest();
}
