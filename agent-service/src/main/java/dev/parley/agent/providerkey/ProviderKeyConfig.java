package dev.parley.agent.providerkey;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tenants' own keys are kept at hand. */
@ConfigMapping(prefix = "agent.provider-key")
public interface ProviderKeyConfig {
    /** How long another replica may go on without a key that was set, or with one that was removed. */
    @WithDefault("5S")
    Duration staleness();
}
