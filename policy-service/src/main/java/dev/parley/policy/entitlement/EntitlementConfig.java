package dev.parley.policy.entitlement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the entitlement cache. */
@ConfigMapping(prefix = "policy.entitlement")
interface EntitlementConfig {
    /**
     * How long terms may be answered from memory. Holds do not depend on it: the statement that takes a hold refuses
     * terms that are not the latest.
     */
    @WithDefault("2S")
    Duration maxStaleness();

    /** How many tenants are kept in memory. */
    @WithDefault("20000")
    int cachedTenants();
}
