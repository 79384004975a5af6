package dev.parley.policy.entitlement;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the entitlement cache. */
@ConfigMapping(prefix = "policy.entitlement")
interface EntitlementConfig {
    /** How many tenants are kept in memory. */
    @WithDefault("100000")
    int cachedTenants();
}
