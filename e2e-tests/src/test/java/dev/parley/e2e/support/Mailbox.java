package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came for one address to the mail catcher. */
public record Mailbox(String address) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String VERIFICATION = "Is this your e-mail address?";
    private static final Pattern PROCEED = Pattern.compile("href=\"([^\"]+/login-actions/action-token[^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("href=\"(https?://[^\"]+)\"");

    /** The first link of the newest mail with that subject, as soon as it came. */
    public URI link(String subject) {
        String html =
                Eventually.within(PATIENCE, () -> mail(subject)).path("html").asText();
        Matcher link = LINK.matcher(html);
        if (!link.find()) {
            throw new AssertionError("no link in the mail: " + html);
        }
        return URI.create(link.group(1).replace("&amp;", "&"));
    }

    /** Proves the address by the link that came at sign-up, in a browser that knows nothing of the person. */
    public void proveAddress() {
        try (HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            String page = open(browser, link(VERIFICATION));
            Matcher proceed = PROCEED.matcher(page);
            if (!proceed.find()) {
                throw new AssertionError("the link leads nowhere: " + page);
            }
            open(browser, URI.create(proceed.group(1).replace("&amp;", "&")));
        }
    }

    private static String open(HttpClient browser, URI address) {
        try {
            HttpResponse<String> page =
                    browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            if (page.statusCode() != 200) {
                throw new AssertionError(address + " answered " + page.statusCode() + ": " + page.body());
            }
            return page.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many mails came. */
    public int size() {
        return messages().size();
    }

    private JsonNode mail(String subject) {
        for (JsonNode mail : messages()) {
            if (mail.path("subject").asText().equals(subject)) {
                return mail;
            }
        }
        throw new AssertionError("no mail \"" + subject + "\" for " + address + " among " + messages());
    }

    private JsonNode messages() {
        return Api.of(Stack.running().simulatorsUrl())
                .get("/mail/messages?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8))
                .expect(200)
                .at("items");
    }
}
