package dev.parley.agent.prompt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How prompts are kept at hand. */
@ConfigMapping(prefix = "agent.prompt")
public interface PromptConfig {
    /** How long another replica may go on using a version of the platform after it was replaced. */
    @WithDefault("2S")
    Duration staleness();

    /** How long another replica may go on using a tenant's configuration and own version after they were replaced. */
    @WithDefault("10S")
    Duration ownStaleness();

    /** How long an answer of policy-service about own versions counts. */
    @WithDefault("30S")
    Duration entitlementAge();
}
