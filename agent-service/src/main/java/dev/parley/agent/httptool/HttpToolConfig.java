package dev.parley.agent.httptool;

import dev.parley.platform.address.AddressRules;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Rules for tenants' own functions. */
@ConfigMapping(prefix = "agent.http-tool")
interface HttpToolConfig extends AddressRules {
    /** How many functions a tenant may have. */
    @WithDefault("50")
    int mostTools();

    /** How long a connection may take; no longer than the call. */
    @WithDefault("2S")
    Duration connectTimeout();

    /** How long a call may take where its function does not say. */
    @WithDefault("5S")
    Duration usualTimeout();

    /** Bytes of an answer; a longer one is an error. */
    @WithDefault("65536")
    int maxAnswerBytes();

    /** Connections to one address. */
    @WithDefault("32")
    int maxConnections();

    /** Until another replica knows of a changed function, should its event be late. */
    @WithDefault("5S")
    Duration staleness();
}
