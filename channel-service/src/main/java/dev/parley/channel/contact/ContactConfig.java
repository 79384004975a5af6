package dev.parley.channel.contact;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How contacts are known. */
@ConfigMapping(prefix = "channel.contact")
public interface ContactConfig {
    /** The region, ISO 3166, of phone numbers without a country where neither the caller nor the account says one. */
    @WithDefault("IN")
    String defaultRegion();
}
