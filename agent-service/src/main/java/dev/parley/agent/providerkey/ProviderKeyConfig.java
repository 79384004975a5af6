package dev.parley.agent.providerkey;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tenants' own keys are kept at hand. */
@ConfigMapping(prefix = "agent.provider-key")
public interface ProviderKeyConfig {
    /** How long keys are kept at hand; a change is told to every replica, and this bounds what happens when it is not. */
    @WithDefault("2M")
    Duration staleness();
}
