package dev.parley.gateway.session;

import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.PublicOrigin;
import dev.parley.gateway.session.Credential.Kind;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Reads the credential of a request and refuses those that cannot be right by their form. */
@ApplicationScoped
class Credentials {
    /** Something was shown, and it is no credential. */
    static final Credential MALFORMED = new Credential(Kind.BEARER, "");

    private static final String SECURE_COOKIE = "__Host-parley_session";
    private static final String PLAIN_COOKIE = "parley_session";
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 8192;
    private static final int SHORTEST_SESSION = 16;

    private final PublicOrigin origin;

    Credentials(PublicOrigin origin) {
        this.origin = origin;
    }

    /** The credential, {@link #MALFORMED}, or null when there is none. A header wins over the cookie. */
    Credential of(HttpServerRequest request) {
        var headers = request.headers();
        String authorization = headers.get(Names.AUTHORIZATION);
        String apiKey = headers.get(Names.X_API_KEY);
        if (authorization != null) {
            if (apiKey != null || headers.getAll(Names.AUTHORIZATION).size() > 1) {
                return MALFORMED;
            }
            return ofAuthorization(authorization);
        }
        if (apiKey != null) {
            return ofApiKey(apiKey);
        }
        List<String> cookies = headers.getAll(Names.COOKIE);
        return cookies.isEmpty() ? null : ofCookies(cookies);
    }

    /** Whether a request that shows this cookie may change something: same origin and the custom header. */
    boolean forged(HttpServerRequest request) {
        if (safe(request.method())) {
            return false;
        }
        if (!"1".equals(request.getHeader(Names.X_PARLEY_CSRF))) {
            return true;
        }
        String site = request.getHeader(Names.SEC_FETCH_SITE);
        if (site != null && !site.equals("same-origin")) {
            return true;
        }
        String sender = request.getHeader(Names.ORIGIN);
        return sender == null ? site == null : !origin.same(request, sender);
    }

    /** Whether the request carries our session cookie at all. */
    boolean hasSessionCookie(HttpServerRequest request) {
        List<String> cookies = request.headers().getAll(Names.COOKIE);
        return !cookies.isEmpty() && ofCookies(cookies) != null;
    }

    /** Whether a method changes nothing. */
    static boolean safe(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.HEAD || method == HttpMethod.OPTIONS;
    }

    private static Credential ofAuthorization(String value) {
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return MALFORMED;
        }
        String token = value.substring(SCHEME.length()).strip();
        if (token.startsWith(ApiKeyFormat.PREFIX)) {
            return ofApiKey(token);
        }
        return looksLikeJwt(token) ? new Credential(Kind.BEARER, token) : MALFORMED;
    }

    private static Credential ofApiKey(String key) {
        return ApiKeyFormat.valid(key) ? new Credential(Kind.API_KEY, key) : MALFORMED;
    }

    private Credential ofCookies(List<String> cookies) {
        String name = origin.https() ? SECURE_COOKIE : PLAIN_COOKIE;
        for (String header : cookies) {
            String value = cookie(header, name);
            if (value != null) {
                return value.length() >= SHORTEST_SESSION && value.length() <= LONGEST && tokenCharacters(value)
                        ? new Credential(Kind.SESSION, value)
                        : MALFORMED;
            }
        }
        return null;
    }

    private static String cookie(String header, String name) {
        int at = 0;
        while (at < header.length()) {
            int end = header.indexOf(';', at);
            if (end < 0) {
                end = header.length();
            }
            while (at < end && header.charAt(at) == ' ') {
                at++;
            }
            if (header.startsWith(name, at) && at + name.length() < end && header.charAt(at + name.length()) == '=') {
                return header.substring(at + name.length() + 1, end).strip();
            }
            at = end + 1;
        }
        return null;
    }

    private static boolean looksLikeJwt(String token) {
        if (token.length() > LONGEST) {
            return false;
        }
        int dots = 0;
        int part = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c == '.') {
                if (part == 0) {
                    return false;
                }
                dots++;
                part = 0;
            } else if (base64Url(c)) {
                part++;
            } else {
                return false;
            }
        }
        return dots == 2 && part > 0;
    }

    private static boolean tokenCharacters(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!base64Url(c) && c != '.' && c != '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean base64Url(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
