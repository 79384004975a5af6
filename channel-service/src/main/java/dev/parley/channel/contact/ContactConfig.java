package dev.parley.channel.contact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How contacts are known. */
@ConfigMapping(prefix = "channel.contact")
public interface ContactConfig {
    /** The region, ISO 3166, of phone numbers without a country where neither the caller, the tenant nor the account says one. */
    @WithDefault("IN")
    String defaultRegion();

    /** How often replicas look at which regions tenants have set. */
    @WithDefault("20s")
    Duration regionRefresh();
}
