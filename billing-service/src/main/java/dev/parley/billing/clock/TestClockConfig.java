package dev.parley.billing.clock;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether tenants' clocks can be moved. */
@ConfigMapping(prefix = "billing.test-clock")
interface TestClockConfig {
    /** For local and test installations only. */
    @WithDefault("false")
    boolean enabled();
}
