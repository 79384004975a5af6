package dev.parley.platform.address;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address as its text has it, when that text has only one meaning: whatever two parsers may read differently is
 * refused.
 *
 * @param host a lower-case name, or an IP address without brackets
 * @param literal the IP address, when the host is one
 * @param target path and query
 */
public record Address(
        boolean secure, String host, int port, @Nullable InetAddress literal, String target) {
    private static final int LONGEST = 2_048;
    private static final int LONGEST_NAME = 253;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int FIRST_UNPRIVILEGED_PORT = 1_024;
    private static final int LAST_PORT = 65_535;
    private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7e&&[^\\\\\"<>^`{|}]]+");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DOTTED_QUAD =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]+");
    private static final Set<String> INTERNAL = Set.of(
            "localhost",
            "local",
            "localdomain",
            "internal",
            "intranet",
            "private",
            "corp",
            "home",
            "lan",
            "arpa",
            "onion",
            "default",
            "svc",
            "invalid",
            "test",
            "alt");

    /** Reads an address; one on this machine by its name only when that is allowed. */
    static Address of(String text, boolean loopback) throws RefusedAddress {
        if (text.length() > LONGEST || !TEXT.matcher(text).matches()) {
            throw new RefusedAddress("the address has characters that an address cannot have, or is too long");
        }
        URI uri = parsed(text);
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !(loopback && "http".equalsIgnoreCase(uri.getScheme()))) {
            throw new RefusedAddress("the address must begin with https://");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new RefusedAddress("the address needs a host, and may have no user and no fragment");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = port(uri, secure);
        InetAddress literal = literal(host);
        if (literal == null && !(loopback && host.equals("localhost"))) {
            demandPublicName(host);
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Address(
                secure,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port,
                literal,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    private static URI parsed(String text) throws RefusedAddress {
        try {
            URI uri = new URI(text);
            if (uri.isOpaque() || !uri.isAbsolute()) {
                throw new RefusedAddress("the address is not complete");
            }
            return uri;
        } catch (URISyntaxException malformed) {
            throw new RefusedAddress("the address is not well formed");
        }
    }

    private static int port(URI uri, boolean secure) throws RefusedAddress {
        int port = uri.getPort();
        if (port == -1) {
            if (uri.getRawAuthority().endsWith(":")) {
                throw new RefusedAddress("the port is missing");
            }
            return secure ? HTTPS : HTTP;
        }
        if (port != HTTP && port != HTTPS && port < FIRST_UNPRIVILEGED_PORT || port > LAST_PORT) {
            throw new RefusedAddress("the port must be 80, 443 or above 1023");
        }
        return port;
    }

    private static @Nullable InetAddress literal(String host) throws RefusedAddress {
        if (host.startsWith("[")) {
            String inside = host.substring(1, host.length() - 1);
            if (!IPV6.matcher(inside).matches()) {
                throw new RefusedAddress("the IP address is not written plainly");
            }
            InetAddress address = InetAddress.ofLiteral(inside);
            if (address instanceof Inet4Address) {
                throw new RefusedAddress("an IPv4 address is written with dots");
            }
            return address;
        }
        return DOTTED_QUAD.matcher(host).matches() ? InetAddress.ofLiteral(host) : null;
    }

    /** What is no plain IP address must look like a name that the public internet can have. */
    private static void demandPublicName(String host) throws RefusedAddress {
        String[] labels = host.split("\\.", -1);
        if (host.length() > LONGEST_NAME || labels.length < 2) {
            throw new RefusedAddress("the host is not a full name");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new RefusedAddress("the host is not a plain name; write others as punycode");
            }
        }
        String last = labels[labels.length - 1];
        if (!Character.isLetter(last.charAt(0)) || INTERNAL.contains(last)) {
            throw new RefusedAddress("the host is not a name of the public internet");
        }
    }

    /** Where to connect to for one of the IP addresses that were checked. */
    public SocketAddress at(InetAddress checked) {
        return SocketAddress.inetSocketAddress(port, checked.getHostAddress());
    }

    /** A request to that very IP address under this address's own name; it follows no redirect. */
    public RequestOptions request(HttpMethod method, SocketAddress checked) {
        return new RequestOptions()
                .setMethod(method)
                .setServer(checked)
                .setHost(host)
                .setPort(port)
                .setSsl(secure)
                .setURI(target)
                .setFollowRedirects(false)
                .putHeader("Host", authority());
    }

    /** As a {@code Host} header has it. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? HTTPS : HTTP) ? name : name + ":" + port;
    }
}
