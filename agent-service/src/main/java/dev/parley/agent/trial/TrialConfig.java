package dev.parley.agent.trial;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How versions are tried. */
@ConfigMapping(prefix = "agent.prompt.trial")
public interface TrialConfig {
    /** How many golden conversations of one trial are held at the same time. */
    @WithDefault("4")
    int parallel();

    /** How long a trial may take; what is not answered by then has failed. */
    @WithDefault("300S")
    Duration deadline();
}
