package dev.parley.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which origins are ours, and which others may call the API from a browser. */
@ApplicationScoped
public class PublicOrigin {
    private final String own;
    private final Set<String> allowed;

    PublicOrigin(EdgeConfig config) {
        this.own = originOf(config.publicUrl());
        this.allowed = config.corsOrigins().stream()
                .flatMap(java.util.List::stream)
                .map(origin -> originOf(URI.create(origin.strip())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether browsers reach us over TLS. */
    public boolean https() {
        return own.startsWith("https:");
    }

    /** Whether this Origin header names the address under which the request itself arrived, or our public one. */
    public boolean same(HttpServerRequest request, String origin) {
        if (origin.equalsIgnoreCase(own)) {
            return true;
        }
        String host = request.getHeader("host");
        return host != null && !https() && origin.equalsIgnoreCase("http://" + host);
    }

    /** Whether this Origin header is on the allow-list for cross-origin calls. */
    public boolean allowed(String origin) {
        return allowed.contains(origin.toLowerCase(Locale.ROOT));
    }

    private static String originOf(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "PARLEY_PUBLIC_URL and PARLEY_CORS_ORIGINS take origins such as https://app.example.com, not "
                            + uri);
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return (uri.getScheme() + "://" + uri.getHost() + port).toLowerCase(Locale.ROOT);
    }
}
