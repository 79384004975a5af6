package dev.parley.agent.prompt.experiment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How versions are watched. */
@ConfigMapping(prefix = "agent.prompt.guard")
public interface GuardConfig {
    /** Time between two looks. */
    @WithDefault("2S")
    Duration every();

    /** How long after a version's first reply it is said how a conversation ended. */
    @WithDefault("24H")
    Duration settledAfter();
}
