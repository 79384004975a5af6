package dev.parley.auth.tenant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of tenants. */
@ConfigMapping(prefix = "auth.tenant")
public interface TenantConfig {
    /** Where the data of new tenants lives, as told to them. */
    @WithDefault("in")
    String region();
}
