package dev.parley.auth.context;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of tenant contexts and of the keys that sign them. */
@ConfigMapping(prefix = "auth.context")
public interface ContextConfig {
    /** How long a tenant context lives. */
    @WithDefault("5M")
    Duration lifetime();

    /** How long a key signs before the next takes over. */
    @WithDefault("30D")
    Duration keyLifetime();

    /** How long a key is published before it signs and after it signed; longer than a context and every cache live. */
    @WithDefault("1H")
    Duration keyOverlap();

    /** How often the keys are read again, so that all replicas agree. */
    @WithDefault("30S")
    Duration keyRefresh();

    /** The secrets of the services, {@code name=secret,…}. */
    String serviceSecrets();

    /** The name under which auth-service asks itself for contexts. */
    @WithDefault("auth-service")
    String ownName();

    /** Its own secret. */
    String ownSecret();
}
