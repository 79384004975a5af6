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
}
