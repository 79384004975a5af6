package dev.parley.auth.tenant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** Settings of tenants. */
@ConfigMapping(prefix = "auth.tenant")
public interface TenantConfig {
    /** Where the data of new tenants lives, as told to them. */
    @WithDefault("in")
    String region();

    /** The regions that a tenant may choose from. */
    @WithDefault("in,eu,us")
    Set<String> regions();

    /** How long a deleted tenant can be brought back. */
    @WithDefault("30D")
    Duration restorationWindow();

    /** How many organisations one person may own; each begins with a trial. */
    @WithDefault("10")
    int mostOwned();
}
