package dev.parley.agent.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When a provider that keeps failing is left alone for a while; for each provider and owner of a key on its own. */
@ConfigMapping(prefix = "agent.provider.breaker")
public interface BreakerConfig {
    /** The time over which failures are counted, in whole seconds. */
    @WithDefault("30S")
    Duration window();

    /** Calls within the window before anything is concluded. */
    @WithDefault("10")
    int minimumCalls();

    /** The share of failed calls, in per cent, from which on the provider rests. */
    @WithDefault("50")
    int failureRate();

    /** How long it rests. */
    @WithDefault("15S")
    Duration rest();

    /** Calls that then try whether it is well again. */
    @WithDefault("2")
    int trials();
}
