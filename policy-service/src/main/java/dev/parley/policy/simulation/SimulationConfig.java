package dev.parley.policy.simulation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much one simulation may be. */
@ConfigMapping(prefix = "policy.simulation")
interface SimulationConfig {
    /** How long decisions are made again, until it is too much. */
    @WithDefault("2M")
    Duration patience();

    /** Of so many tenants it is told what would change. */
    @WithDefault("500")
    int mostTenants();
}
