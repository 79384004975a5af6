package dev.parley.gateway.edge;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.PublicOrigin;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/** Cross-origin calls: allowed origins may use tokens and API keys, never our cookie. */
@ApplicationScoped
class Cors {
    private static final Pattern HEADER_LIST = Pattern.compile("[A-Za-z0-9\\-, ]{1,1000}");
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String TEN_MINUTES = "600";

    private final PublicOrigin origin;

    Cors(PublicOrigin origin) {
        this.origin = origin;
    }

    /** Marks the answer as readable for an allowed origin. True: it was a preflight and is answered. */
    boolean handled(Exchange exchange) {
        var request = exchange.request();
        String sender = request.getHeader(Names.ORIGIN);
        if (sender == null) {
            return false;
        }
        boolean allowed = origin.allowed(sender);
        if (allowed) {
            exchange.allowOrigin(sender);
        }
        if (request.method() != HttpMethod.OPTIONS
                || !request.headers().contains(Names.ACCESS_CONTROL_REQUEST_METHOD)) {
            return false;
        }
        var response = exchange.response();
        exchange.describe(response.headers());
        if (allowed) {
            String headers = request.getHeader(Names.ACCESS_CONTROL_REQUEST_HEADERS);
            response.putHeader(Names.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                    .putHeader(Names.ACCESS_CONTROL_MAX_AGE, TEN_MINUTES);
            if (headers != null && HEADER_LIST.matcher(headers).matches()) {
                response.putHeader(Names.ACCESS_CONTROL_ALLOW_HEADERS, headers);
            }
        }
        response.setStatusCode(204).end();
        return true;
    }
}
