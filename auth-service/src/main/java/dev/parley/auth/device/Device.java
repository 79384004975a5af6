package dev.parley.auth.device;

import dev.parley.auth.identity.SecretText;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request tells about the device it comes from.
 *
 * @param name for people, such as {@code Firefox on Linux}
 * @param address the client's, as the gateway saw it
 * @param token what the device was given at an earlier login, or null
 */
public record Device(String name, String address, @Nullable SecretText token) {
    /** Carries the token of an API client, both ways. */
    public static final String TOKEN_HEADER = "X-Device-Token";

    private static final int LONGEST = 100;
    private static final Pattern PRODUCT = Pattern.compile("[\\w.+-]+(/[\\w.+-]+)?");
    // in this order: each of them names those after it too
    private static final Map<String, String> BROWSERS = ordered(
            "Edg/",
            "Edge",
            "OPR/",
            "Opera",
            "SamsungBrowser/",
            "Samsung Internet",
            "Firefox/",
            "Firefox",
            "FxiOS/",
            "Firefox",
            "CriOS/",
            "Chrome",
            "Chrome/",
            "Chrome",
            "Safari/",
            "Safari");
    private static final Map<String, String> SYSTEMS = ordered(
            "Windows",
            "Windows",
            "Android",
            "Android",
            "iPhone",
            "iPhone",
            "iPad",
            "iPad",
            "Mac OS X",
            "macOS",
            "CrOS",
            "ChromeOS",
            "Linux",
            "Linux");

    /** Reads the headers of a request; a browser's token comes in a cookie of that name. */
    public static Device of(HttpHeaders headers, String cookie) {
        String header = headers.getHeaderString(TOKEN_HEADER);
        String value = headers.getCookies().containsKey(cookie)
                ? headers.getCookies().get(cookie).getValue()
                : header;
        return new Device(
                name(headers.getHeaderString(HttpHeaders.USER_AGENT)),
                address(headers.getHeaderString("X-Forwarded-For")),
                value == null || value.isBlank() || value.length() > LONGEST ? null : new SecretText(value));
    }

    static String name(@Nullable String agent) {
        if (agent == null || agent.isBlank()) {
            return "unknown";
        }
        String browser = first(BROWSERS, agent);
        String system = first(SYSTEMS, agent);
        if (browser != null && system != null) {
            return browser + " on " + system;
        }
        Matcher product = PRODUCT.matcher(agent);
        String program = product.lookingAt() ? product.group() : "unknown";
        return program.length() > LONGEST ? program.substring(0, LONGEST) : program;
    }

    private static String address(@Nullable String forwarded) {
        if (forwarded == null) {
            return "";
        }
        String client = forwarded.split(",", 2)[0].strip();
        return client.length() > LONGEST ? "" : client;
    }

    private static @Nullable String first(Map<String, String> names, String agent) {
        return names.entrySet().stream()
                .filter(entry -> agent.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
