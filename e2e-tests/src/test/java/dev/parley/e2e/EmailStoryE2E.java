package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A tenant connects its mailbox, and who writes to it is answered in the thread, until they write STOP. Nodemailer writes
 * the mails and mailparser reads the answers.
 */
@Order(34)
class EmailStoryE2E {
    private static final int MAIL_CATCHER = 8125;
    private static final String OWN = "help@shop.example";
    private static final Duration SOON = Duration.ofSeconds(10);
    private final Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
    private final String address = "ana-" + UUID.randomUUID() + "@mail.example";
    private final Mailbox mailbox = new Mailbox(address);

    @Test
    void aMailboxAnswersInItsThreadUntilSomebodyWantsNoMore() throws Exception {
        Answer channel = connect();
        String secret = channel.at("setup").path("signing_secret").asText();

        JsonNode verdict = new ObjectMapper()
                .readTree(Judges.run(
                                "mails.mjs",
                                Map.of(
                                        "WEBHOOK", channel.text("webhook_url"),
                                        "SECRET", secret,
                                        "SIMULATORS", Stack.running().simulatorsUrl(),
                                        "CUSTOMER", address,
                                        "OWN", OWN))
                        .lines()
                        .toList()
                        .getLast());

        assertThat(verdict.path("statuses").toString()).isEqualTo("[200,200,200,401]");
        JsonNode first = verdict.path("first");
        assertThat(first.path("from").toString())
                .isEqualTo("[{\"address\":\"help@shop.example\",\"name\":\"Shop ✓\"}]");
        assertThat(first.path("to").toString()).isEqualTo("[true]");
        assertThat(first.path("subject").asText())
                .isEqualTo(
                        "Re: Größe der Bestellung №7 – wo bleibt sie? Ich warte schon so lange darauf, daß sie kommt");
        assertThat(first.path("inReplyTo").asText()).isEqualTo("first");
        assertThat(first.path("references").toString()).isEqualTo("[\"first\"]");
        assertThat(first.path("automatic").asText()).isEqualTo("auto-replied");
        assertThat(first.path("text").asText())
                .contains("Größe der Bestellung №7", "[image föto.png] [document tool.exe] Wo ist sie? ✓");
        JsonNode second = verdict.path("second");
        assertThat(second.path("inReplyTo").asText()).isEqualTo("second");
        assertThat(second.path("references").toString()).isEqualTo("[\"first\",\"one\",\"second\"]");
        assertThat(second.path("text").asText()).contains("Danke").doesNotContain("Am Montag schrieb");

        comesBack(channel, verdict.path("answered").asText());
        wantsNoMore(channel);
        assertThat(conversation()).contains("Danke").doesNotContain("holiday", "It is me");
    }

    /** A report that an answer did not arrive marks it. */
    private void comesBack(Answer channel, String answer) throws Exception {
        deliver(
                channel,
                "Message-ID: <b1" + address + ">\r\nFrom: MAILER-DAEMON@mail.example\r\n"
                        + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
                        + "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n"
                        + "Diagnostic-Code: smtp; 550 no such user\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                        + "Message-ID: " + answer + "\r\n--b--\r\n");

        Eventually.passes(SOON, () -> assertThat(operations())
                .anyMatch(trace -> trace.contains("send-failed") && trace.contains("550 no such user")));
    }

    /** STOP below a subject gets one last mail; what comes then gets none. */
    private void wantsNoMore(Answer channel) throws Exception {
        deliver(channel, mail("s1", "STOP"));
        Eventually.passes(SOON, () -> assertThat(mailbox.size()).isEqualTo(3));
        deliver(channel, mail("s2", "Are you still there?"));

        Eventually.passes(SOON, () -> assertThat(operations()).anyMatch(trace -> trace.contains("CONTACT_OPTED_OUT")));
        assertThat(customer.api()
                        .get("/api/v1/contacts")
                        .expect(200)
                        .at("items")
                        .path(0)
                        .path("opted_out")
                        .asBoolean())
                .isTrue();
        assertThat(mailbox.size()).isEqualTo(3);
    }

    private Answer connect() {
        String port = "" + (MAIL_CATCHER + Stack.running().ports().offset());
        Answer channel = customer.api()
                .post(
                        "/api/v1/channels",
                        Map.of(
                                "type", "email",
                                "name", "Help",
                                "agent", "concierge",
                                "credentials",
                                        Map.of(
                                                "address", OWN,
                                                "name", "Shop ✓",
                                                "smtp_host", "127.0.0.1",
                                                "smtp_port", port,
                                                "smtp_tls", "none")))
                .expect(201);
        assertThat(customer.api()
                        .post("/api/v1/channels/" + channel.text("id") + "/test", Map.of())
                        .expect(200)
                        .at("ok")
                        .asBoolean())
                .isTrue();
        return channel;
    }

    private String conversation() {
        StringBuilder all = new StringBuilder();
        for (JsonNode conversation : customer.api()
                .get("/api/v1/conversations?channel=email")
                .expect(200)
                .at("items")) {
            all.append(customer.api()
                    .get("/api/v1/conversations/" + conversation.path("id").asText() + "/messages")
                    .expect(200)
                    .raw());
        }
        return all.toString();
    }

    /** The traces of what was written and answered. */
    private List<String> operations() {
        return Pattern.compile("\"operation_id\":\"([^\"]+)\"")
                .matcher(conversation())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .map(id -> customer.api()
                        .get("/api/v1/operations/" + id)
                        .expect(200)
                        .raw())
                .toList();
    }

    private static void deliver(Answer channel, String mail) throws Exception {
        long now = Instant.now().getEpochSecond();
        String id = UUID.randomUUID().toString();
        String signature =
                new Webhook(channel.at("setup").path("signing_secret").asText()).sign(id, now, mail);
        Api.anonymous()
                .with("webhook-id", id)
                .with("webhook-timestamp", "" + now)
                .with("webhook-signature", signature)
                .raw("POST", path(channel), mail.getBytes(StandardCharsets.UTF_8), "message/rfc822")
                .expect(200);
    }

    private static String path(Answer channel) {
        String url = channel.text("webhook_url");
        return url.substring(url.indexOf("/webhooks/"));
    }

    private String mail(String id, String body) {
        return "Message-ID: <" + id + address + ">\r\nFrom: Ana <" + address + ">\r\nTo: " + OWN
                + "\r\nSubject: Your offers\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n";
    }
}
