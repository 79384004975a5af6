package dev.parley.e2e.wall;

import dev.parley.e2e.support.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs a person in as a browser does, through Keycloak's page, and keeps the cookie that it ends in. The JDK's own
 * cookies would not do: unlike browsers it sends none that is Secure to localhost.
 */
final class BrowserCookie {
    private static final Pattern ACTION = Pattern.compile("action=\"(http[^\"]+login-actions/authenticate[^\"]+)\"");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Map<String, String> cookies = new LinkedHashMap<>();

    private BrowserCookie() {}

    /** The request header {@code Cookie} of a browser in which that person is logged in. */
    static String of(String email, String password) {
        BrowserCookie browser = new BrowserCookie();
        String page = browser.follow(
                HttpRequest.newBuilder(URI.create(Stack.running().publicUrl() + "/auth/login?redirect_to=/console/")));
        Matcher form = ACTION.matcher(page);
        if (!form.find()) {
            throw new AssertionError("Keycloak shows no login form: " + page);
        }
        String fields = "username=" + encode(email) + "&password=" + encode(password) + "&credentialId=";
        String end =
                browser.follow(HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(fields)));
        return browser.cookies.entrySet().stream()
                .filter(cookie -> cookie.getKey().endsWith("parley_session"))
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the login ended without a session cookie: " + end));
    }

    /** Sends the request and follows where it leads; returns the last page. */
    private String follow(HttpRequest.Builder request) {
        HttpResponse<String> answer = send(request);
        while (answer.statusCode() / 100 == 3 && !cookies.containsKey("parley_session")) {
            URI next =
                    answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
            answer = send(HttpRequest.newBuilder(next));
        }
        return answer.statusCode() + " " + answer.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        cookies.forEach((name, value) -> request.header("Cookie", name + "=" + value));
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(this::keep);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String cookie) {
        int equals = cookie.indexOf('=');
        String value = cookie.substring(equals + 1).split(";", 2)[0];
        cookies.put(cookie.substring(0, equals), value);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
