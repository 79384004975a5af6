package dev.parley.e2e.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came for one address to the mail catcher. */
public record Mailbox(String address) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
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
