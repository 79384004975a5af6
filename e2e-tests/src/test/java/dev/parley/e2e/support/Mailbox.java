package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
        try (HttpClient browser = HttpClient.newHttpClient()) {
            Map<String, String> cookies = new LinkedHashMap<>();
            String page = open(browser, cookies, link(VERIFICATION));
            Matcher proceed = PROCEED.matcher(page);
            if (!proceed.find()) {
                throw new AssertionError("the link leads nowhere: " + page);
            }
            open(browser, cookies, URI.create(proceed.group(1).replace("&amp;", "&")));
        }
    }

    /** Java's own cookies do not know that browsers send secure ones to this machine without TLS. */
    private static String open(HttpClient browser, Map<String, String> cookies, URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> page = browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (String set : page.headers().allValues("Set-Cookie")) {
                String[] cookie = set.split(";", 2)[0].split("=", 2);
                cookies.put(cookie[0], cookie[1]);
            }
            Optional<String> next = page.headers().firstValue("Location");
            if (next.isPresent()) {
                return open(browser, cookies, address.resolve(next.get()));
            }
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

    /** The subjects of the mails that came. */
    public List<String> subjects() {
        return messages().findValuesAsText("subject");
    }

    /** The file that came with the newest mail of that subject, as soon as it came. */
    public byte[] attachment(String subject) {
        JsonNode files = Eventually.within(PATIENCE, () -> mail(subject)).path("attachments");
        if (files.size() != 1) {
            throw new AssertionError("not one file: " + files);
        }
        return Base64.getUrlDecoder().decode(files.path(0).path("content").asText());
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
