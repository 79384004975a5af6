package dev.parley.gateway.trace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** How traces start at the edge and where the gateway's spans go. */
@ConfigMapping(prefix = "gateway.trace")
public interface TraceConfig {
    /** Whether a valid incoming {@code traceparent} is continued; otherwise every request starts a new trace. */
    @WithDefault("false")
    boolean continueIncoming();

    /** Share of new traces, 0 to 1, that are marked as sampled. */
    @WithDefault("1.0")
    double sampling();

    /** OTLP over HTTP endpoint, e.g. http://127.0.0.1:4318; unset: nothing is exported. */
    Optional<URI> otlpEndpoint();
}
