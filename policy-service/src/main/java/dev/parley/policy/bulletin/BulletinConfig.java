package dev.parley.policy.bulletin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of what replicas tell each other. */
@ConfigMapping(prefix = "policy.bulletin")
public interface BulletinConfig {
    /** How often a replica makes sure that it still hears. */
    @WithDefault("0.2S")
    Duration beatInterval();

    /** After how long without hearing nothing may be answered from memory. */
    @WithDefault("1S")
    Duration patience();
}
