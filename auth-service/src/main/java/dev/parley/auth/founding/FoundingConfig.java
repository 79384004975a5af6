package dev.parley.auth.founding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of new organisations. */
@ConfigMapping(prefix = "auth.founding")
interface FoundingConfig {
    /** How long an answer waits for the trial to be usable; after that it comes anyway. */
    @WithDefault("2S")
    Duration trialPatience();
}
