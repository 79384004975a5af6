package dev.parley.gateway.edge;

import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.route.Route;
import dev.parley.gateway.route.RouteConfig.BodyRule;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** What can be said about a body before its first byte. */
final class BodyRules {

    private BodyRules() {}

    /** The problem with the declared length, or null. */
    static GatewayProblem ofLength(HttpServerRequest request, Route route) {
        String length = request.getHeader(Names.CONTENT_LENGTH);
        if (length == null) {
            return null;
        }
        try {
            long bytes = Long.parseLong(length);
            if (bytes < 0) {
                return GatewayProblem.INVALID_REQUEST;
            }
            return bytes > route.maxBody() ? GatewayProblem.PAYLOAD_TOO_LARGE : null;
        } catch (NumberFormatException e) {
            return GatewayProblem.INVALID_REQUEST;
        }
    }

    /** The problem with the declared type, or null. */
    static GatewayProblem ofType(HttpServerRequest request, Route route) {
        HttpMethod method = request.method();
        boolean writes = method == HttpMethod.POST || method == HttpMethod.PUT || method == HttpMethod.PATCH;
        if (!writes || route.body() == BodyRule.RAW || !hasBody(request)) {
            return null;
        }
        String encoding = request.getHeader(Names.CONTENT_ENCODING);
        boolean plain = encoding == null || encoding.equalsIgnoreCase("identity");
        return plain && json(request.getHeader(Names.CONTENT_TYPE)) ? null : GatewayProblem.UNSUPPORTED_MEDIA_TYPE;
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(Names.CONTENT_LENGTH);
        return length == null ? request.headers().contains(Names.TRANSFER_ENCODING) : !length.equals("0");
    }

    private static boolean json(String contentType) {
        if (contentType == null) {
            return false;
        }
        if (contentType.equals("application/json")) {
            return true;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";");
        String type = parts[0].strip();
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }
}
