package dev.parley.gateway.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What the gateway knows about the world in front of it. */
@ConfigMapping(prefix = "gateway.edge")
public interface EdgeConfig {
    /** Address under which browsers reach us; https turns on HSTS and the {@code __Host-} cookie. */
    @WithDefault("http://127.0.0.1:8080")
    URI publicUrl();

    /** Origins beside our own that may call the API from a browser, without cookies. */
    Optional<List<String>> corsOrigins();

    /** Number of trusted proxies in front of us, each of which appends to X-Forwarded-For. */
    @WithDefault("0")
    int trustedProxies();

    /** Longest request target in characters; longer is 414. */
    @WithDefault("8192")
    int maxUri();

    /** Largest sum of header names and values in characters; more is 431. */
    @WithDefault("16384")
    int maxHeaders();

    /** Access log. */
    AccessLog accessLog();

    /** One line of JSON per request. */
    interface AccessLog {
        /** Share of requests, 0 to 1, that are logged; server errors are logged always while it is above 0. */
        @WithDefault("1.0")
        double sample();
    }
}
