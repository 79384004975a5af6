package dev.parley.channel.adapter.vendor;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long we wait for messengers' vendors. */
@ConfigMapping(prefix = "channel.vendor")
public interface VendorConfig {
    /** For a connection; when it passes, nothing was sent. */
    @WithDefault("3s")
    Duration connectTimeout();

    /** From the written request to the whole answer; when it passes, a send is ambiguous. */
    @WithDefault("10s")
    Duration timeout();

    /** From the beginning of a file to its end; less than the time after which another attempt to fetch it is made. */
    @WithDefault("50s")
    Duration fileTimeout();
}
