package dev.parley.agent.prompt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How prompts are kept at hand. */
@ConfigMapping(prefix = "agent.prompt")
public interface PromptConfig {
    /** How long another replica may go on using a version after it was replaced. */
    @WithDefault("2S")
    Duration staleness();
}
