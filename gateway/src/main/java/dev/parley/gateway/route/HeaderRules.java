package dev.parley.gateway.route;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which header fields end at the gateway: those of one connection, credentials, and those only the gateway may set. */
final class HeaderRules {
    private static final String[] HOP_BY_HOP = {
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade"
    };

    /** A client that could set one of these would speak in the gateway's name, or make a service misread the request. */
    private static final String[] FROM_CLIENT = {
        "host",
        "expect",
        "content-length",
        "authorization",
        "cookie",
        "x-api-key",
        "x-tenant-id",
        "x-operation-id",
        "x-request-id",
        "x-real-ip",
        "forwarded",
        "traceparent",
        "tracestate",
        "baggage",
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
        "x-original-uri"
    };

    private static final String[] CLIENT_PREFIXES = {"x-forwarded-", "x-parley-", "ce-", "ce_"};

    /** The gateway gives its own. */
    private static final String[] FROM_SERVICE = {
        "server",
        "x-powered-by",
        "x-operation-id",
        "x-request-id",
        "traceparent",
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "strict-transport-security",
        "ratelimit",
        "ratelimit-policy",
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-expose-headers"
    };

    private static final String[][] CLIENT = byLength(HOP_BY_HOP, FROM_CLIENT);
    private static final String[][] SERVICE = byLength(HOP_BY_HOP, FROM_SERVICE);

    private HeaderRules() {}

    /** Whether a field the client sent is kept from the service. */
    static boolean stopsRequest(String name) {
        return in(CLIENT, name) || hasClientPrefix(name);
    }

    /** Whether a field the service sent is kept from the client. */
    static boolean stopsResponse(String name) {
        return in(SERVICE, name);
    }

    private static boolean hasClientPrefix(String name) {
        char first = name.charAt(0);
        if (first != 'x' && first != 'X' && first != 'c' && first != 'C') {
            return false;
        }
        for (String prefix : CLIENT_PREFIXES) {
            if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean in(String[][] table, String name) {
        int length = name.length();
        if (length >= table.length || table[length] == null) {
            return false;
        }
        for (String candidate : table[length]) {
            if (AsciiString.contentEqualsIgnoreCase(candidate, name)) {
                return true;
            }
        }
        return false;
    }

    /** Most names differ in length already, so one array access answers for nearly every field. */
    private static String[][] byLength(String[]... names) {
        Map<Integer, List<String>> groups =
                Arrays.stream(names).flatMap(Arrays::stream).collect(Collectors.groupingBy(String::length));
        String[][] table = new String[Collections.max(groups.keySet()) + 1][];
        groups.forEach((length, group) -> table[length] = group.toArray(String[]::new));
        return table;
    }
}
