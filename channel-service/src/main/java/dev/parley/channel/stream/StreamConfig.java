package dev.parley.channel.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What sockets are told. */
@ConfigMapping(prefix = "channel.stream")
public interface StreamConfig {
    /** How long a client may be away and still hear all that it missed. */
    @WithDefault("10m")
    Duration memory();

    /** How often what is older is forgotten. */
    @WithDefault("5s")
    Duration sweepInterval();

    /** How long a client that catches up may take nothing before it is told to connect again. */
    @WithDefault("30s")
    Duration patience();
}
