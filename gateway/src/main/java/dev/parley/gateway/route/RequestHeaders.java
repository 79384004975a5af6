package dev.parley.gateway.route;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Names;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the header fields of a request to a service: what the client may say, and what only the gateway says. */
final class RequestHeaders {
    private RequestHeaders() {}

    /**
     * Copies the client's fields and adds the gateway's.
     *
     * @param authorization the caller's context, or null
     * @return the size of all that the client sent
     */
    static int write(Exchange exchange, Route route, String authorization, MultiMap to) {
        var request = exchange.request();
        int size = 0;
        List<String> named = connectionOptions(request);
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            String value = header.getValue();
            size += name.length() + value.length();
            boolean cookie = route.cookies() && name.equalsIgnoreCase("cookie");
            if (cookie || (!HeaderRules.stopsRequest(name) && (named == null || !named.contains(lower(name))))) {
                to.add(name, value);
            }
        }
        if (authorization != null) {
            to.set(Names.AUTHORIZATION, authorization);
        }
        to.set(Names.X_OPERATION_ID, exchange.operationId());
        to.set(Names.X_FORWARDED_FOR, exchange.clientAddress());
        to.set(Names.TRACEPARENT, exchange.trace().traceparent());
        return size;
    }

    /** Further fields that the client declares as belonging to its connection only; null when there are none. */
    private static List<String> connectionOptions(HttpServerRequest request) {
        List<String> connection = request.headers().getAll(Names.CONNECTION);
        if (connection.isEmpty() || (connection.size() == 1 && usual(connection.getFirst()))) {
            return null;
        }
        return List.of(lower(String.join(",", connection)).replace(" ", "").split(","));
    }

    private static boolean usual(String connection) {
        return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
