package dev.parley.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How credentials become tenant contexts, and how long those are believed. */
@ConfigMapping(prefix = "gateway.session")
public interface SessionConfig {
    /** Base address of auth-service. */
    URI authUrl();

    /** Name under which auth-service knows us. */
    @WithDefault("gateway")
    String service();

    /** Our own secret at auth-service. */
    String secret();

    /** Longest wait for an exchange; after it the request is 503. */
    @WithDefault("2500MS")
    Duration exchangeTimeout();

    /** A context this close to its end is renewed in the background while it is still used. */
    @WithDefault("60S")
    Duration renewBefore();

    /** A context is not used any more when it has less than this to live. */
    @WithDefault("5S")
    Duration leastLife();

    /** How long a refused credential stays refused without asking again. */
    @WithDefault("3S")
    Duration refusedFor();

    /** Most contexts, and most refusals, that are kept. */
    @WithDefault("100000")
    int maxContexts();

    /** Kafka, from which revocations arrive; unset: contexts are confirmed by asking again. */
    Optional<String> kafkaBootstrap();

    /** While revocations do not arrive, a context older than this is confirmed at auth-service before use. */
    @WithDefault("2S")
    Duration unconfirmedAge();
}
