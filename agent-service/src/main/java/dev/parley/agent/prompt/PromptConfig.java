package dev.parley.agent.prompt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How prompts are kept at hand. */
@ConfigMapping(prefix = "agent.prompt")
public interface PromptConfig {
    /** After this time a version of the platform is looked up again, beside the messages that it answers meanwhile. */
    @WithDefault("2S")
    Duration staleness();

    /** How long another replica may go on using a version of the platform at most: the first message after a pause. */
    @WithDefault("6S")
    Duration longestStaleness();

    /**
     * How long a tenant's configuration and own version are kept at hand; a change is told to every replica, and this
     * bounds what happens when it is not.
     */
    @WithDefault("2M")
    Duration ownStaleness();

    /** How long an answer of policy-service about own versions counts. */
    @WithDefault("30S")
    Duration entitlementAge();

    /** How long a tenant's own prompt may be: in characters, of which those beyond ASCII count four times, as tokens do. */
    @WithDefault("24000")
    int ownLongest();
}
