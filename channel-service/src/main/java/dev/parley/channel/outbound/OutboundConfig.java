package dev.parley.channel.outbound;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long we wait for other services. */
@ConfigMapping(prefix = "channel.outbound")
public interface OutboundConfig {
    /**
     * For a decision, a list or a trace. A service that is down refuses the connection at once; this is for one that is
     * busy, where a burst waits for its turn.
     */
    @WithDefault("5s")
    Duration answerPatience();

    /** How old a list of agents may be that is shown while policy-service is away. */
    @WithDefault("30s")
    Duration listAge();

    /** For a settlement: the reply is there, so the client waits with us. */
    @WithDefault("5s")
    Duration settlementPatience();

    /** For a whole run, and for the silence within one. */
    @WithDefault("95s")
    Duration runPatience();
}
