package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.mailbox;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.standardwebhooks.Webhook;
import dev.parley.channel.adapter.email.FakeSmtp;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class EmailIT {
    private static final int MOST_NEW_THREADS = 20;
    private static final Pattern ID = Pattern.compile("(?m)^Message-ID: (<\\S+>)$");

    private final FakeSmtp smtp = new FakeSmtp();
    private final TenantId tenant = newTenant();
    private final String customer = "ana-" + UUID.randomUUID() + "@mail.example";

    @AfterEach
    void close() throws Exception {
        smtp.close();
    }

    @Test
    void aMailIsAnsweredOnceInItsThread() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");
        String first = mail("a1", "Subject: My order\n", "Where is it?");

        for (int i = 0; i < 2; i++) {
            assertThat(deliver(account, secret, first).statusCode()).isEqualTo(200);
        }
        await(() -> smtp.mails().size() == 1);
        String answer = smtp.mails().getFirst();
        assertThat(answer)
                .contains("Subject: Re: My order")
                .contains("In-Reply-To: <a1" + customer + ">")
                .contains("You said: My order\n\nWhere is it?");
        deliver(
                account,
                secret,
                mail(
                        "a2",
                        "Subject: Re: My order\nIn-Reply-To: " + id(answer) + "\n",
                        "Thanks\n\nOn Friday we wrote:\n> x"));

        await(() -> smtp.mails().size() == 2);
        assertThat(smtp.mails().getLast())
                .contains("In-Reply-To: <a2" + customer + ">")
                .contains("You said: Thanks\n");
        assertThat(count("select count(*) from app.conversation where channel = 'email' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        admin(tenant)
                .get("/api/v1/channels")
                .then()
                .body(not(containsString(secret)))
                .body("items[0].display_name", equalTo("help@shop.example"));
        admin(tenant).post("/api/v1/channels/" + account + "/test").then().body("ok", equalTo(true));
    }

    @Test
    void onlySignedMailsArriveAndWhatProgramsSendIsKept() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");
        String mail = mail("a1", "", "Hi");

        assertThat(deliver(account, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", mail)
                        .statusCode())
                .isEqualTo(401);
        assertThat(RestAssured.given()
                        .contentType("message/rfc822")
                        .body(mail.getBytes(StandardCharsets.UTF_8))
                        .post("/webhooks/email/" + account)
                        .statusCode())
                .isEqualTo(401);
        assertThat(deliver(account, secret, "not a mail").statusCode()).isEqualTo(400);
        assertThat(deliver(account, secret, mail("a2", "Auto-Submitted: auto-replied\n", "I am away"))
                        .statusCode())
                .isEqualTo(200);

        assertThat(text("select string_agg(kind, ' ') from app.inbound_event where tenant_id = '" + tenant + "'"))
                .isEqualTo("auto-submitted");
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void aMailThatCameBackIsShownAsFailed() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");
        deliver(account, secret, mail("a1", "", "Hi"));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        String report = "Message-ID: <b1" + customer + ">\nFrom: MAILER-DAEMON@mail.example\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
                + "Content-Type: message/delivery-status\n\nAction: failed\nDiagnostic-Code: smtp; 550 no such user\n"
                + "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: "
                + id(smtp.mails().getFirst()) + "\n--b--\n";

        assertThat(deliver(account, secret, report).statusCode()).isEqualTo(200);

        assertThat(text("select delivery || ': ' || delivery_error from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("failed: smtp; 550 no such user");
    }

    @Test
    void filesComeWithTheirMailAndAreKeptByWhatTheyAre() throws Exception {
        var connected = mailbox(tenant, smtp);
        byte[] picture = "\u0089PNG\r\n\u001a\nof a broken chair".getBytes(StandardCharsets.ISO_8859_1);
        String mail = mail("a1", "MIME-Version: 1.0\nSubject: Broken\n", "")
                        .replace("Content-Type: text/plain; charset=utf-8", "Content-Type: multipart/mixed; boundary=m")
                + "--m\nContent-Type: text/plain\n\nLook\n" + file("chair.pdf", picture)
                + file("tool.exe", new byte[] {'M', 'Z', 0, 3}) + "--m--\n";

        for (int i = 0; i < 2; i++) {
            assertThat(deliver(connected.path("id"), connected.path("setup.signing_secret"), mail)
                            .statusCode())
                    .isEqualTo(200);
        }

        await(() -> smtp.mails().size() == 1);
        assertThat(smtp.mails().getFirst()).contains("Broken", "[document chair.pdf] [document tool.exe] Look");
        assertThat(text("select string_agg(file_name || ' ' || state || ' ' || coalesce(media_type, last_error), ', '"
                        + " order by file_name) from app.media where tenant_id = '" + tenant + "'"))
                .isEqualTo("chair.pdf STORED image/png, tool.exe FAILED its type is not kept, or it is too large");
        String id = text("select id from app.media where state = 'STORED' and tenant_id = '" + tenant + "'");
        assertThat(member(tenant).get("/api/v1/media/" + id).asByteArray()).isEqualTo(picture);
    }

    @Test
    void whoeverWritesStopBelowASubjectGetsOneLastMail() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");

        for (String id : new String[] {"a1", "a2"}) {
            deliver(account, secret, mail(id, "Subject: Offers\n", "STOP\n-- \nAna"));
        }
        deliver(account, secret, mail("a3", "Subject: Offers\n", "Hello?"));

        await(() -> smtp.mails().size() == 1);
        assertThat(smtp.mails().getFirst())
                .contains("In-Reply-To: <a1" + customer + ">")
                .doesNotContain("You said");
        await(() ->
                count("select count(*) from app.operation where state = 'REFUSED' and problem_code like '%OPTED_OUT'"
                                + " and tenant_id = '" + tenant + "'")
                        == 3);
        assertThat(smtp.mails()).hasSize(1);
    }

    @Test
    void whoOpensTooManyThreadsWithinAnHourGoesOnInTheNewest() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");

        for (int i = 1; i <= MOST_NEW_THREADS + 2; i++) {
            assertThat(deliver(account, secret, mail("a" + i, "Subject: Offer " + i + "\n", "Hello " + i))
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(conversations()).isEqualTo(MOST_NEW_THREADS);
        assertThat(text("select string_agg(text, ', ' order by seq) from app.message where role = 'user'"
                        + " and conversation_id = (select id from app.conversation where tenant_id = '" + tenant
                        + "' order by id desc limit 1)"))
                .isEqualTo("Offer 20\n\nHello 20, Offer 21\n\nHello 21, Offer 22\n\nHello 22");
        assertThat(text("select recipient from app.conversation where tenant_id = '" + tenant
                        + "' order by id desc limit 1"))
                .as("what is answered")
                .contains("<a22" + customer + ">");

        // What belongs to a conversation goes there, and others open their own.
        deliver(account, secret, mail("b1", "In-Reply-To: <a1" + customer + ">\n", "Still there?"));
        deliver(account, secret, mail("c1", "", "Me too").replace(customer, "bob-" + customer));
        assertThat(conversations()).isEqualTo(MOST_NEW_THREADS + 1);
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant
                        + "' group by conversation_id order by min(created_at) limit 1"))
                .isEqualTo(2);

        // An hour later there is room again.
        execute("update app.conversation set created_at = created_at - interval '1 hour' where tenant_id = '" + tenant
                + "'");
        deliver(account, secret, mail("d1", "Subject: Later\n", "Hello again"));
        assertThat(conversations()).isEqualTo(MOST_NEW_THREADS + 2);
    }

    @Test
    void mailsThatComeAtOnceOpenNoMoreThreadsThanOthers() throws Exception {
        var connected = mailbox(tenant, smtp);
        String account = connected.path("id");
        String secret = connected.path("setup.signing_secret");
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 2 * MOST_NEW_THREADS; i++) {
            String mail = mail("a" + i, "Subject: Offer " + i + "\n", "Hello " + i);
            calls.add(
                    () -> Channel.insisting(() -> deliver(account, secret, mail).statusCode()));
        }

        try (ExecutorService senders = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Integer> status : senders.invokeAll(calls)) {
                assertThat(status.get()).isEqualTo(200);
            }
        }

        assertThat(conversations()).isEqualTo(MOST_NEW_THREADS);
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant + "'"))
                .isEqualTo(2 * MOST_NEW_THREADS);
    }

    private long conversations() {
        return count("select count(*) from app.conversation where tenant_id = '" + tenant + "'");
    }

    @Test
    void aMailHasTwelveMebibytesAtMost() throws Exception {
        var connected = mailbox(tenant, smtp);

        assertThat(deliver(
                                connected.path("id"),
                                connected.path("setup.signing_secret"),
                                mail("a1", "", "x".repeat(12 << 20)))
                        .statusCode())
                .isEqualTo(413);
    }

    private static String file(String name, byte[] bytes) {
        return "--m\nContent-Type: application/octet-stream; name=" + name
                + "\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n"
                + Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes) + "\n";
    }

    private String mail(String id, String headers, String body) {
        return "Message-ID: <" + id + customer + ">\nFrom: Ana <" + customer + ">\nTo: help@shop.example\n" + headers
                + "Content-Type: text/plain; charset=utf-8\n\n" + body + "\n";
    }

    private static String id(String mail) {
        Matcher id = ID.matcher(mail);
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private static Response deliver(String account, String secret, String mail) throws Exception {
        String body = mail.replace("\n", "\r\n");
        long now = Instant.now().getEpochSecond();
        String id = UUID.randomUUID().toString();
        return RestAssured.given()
                .contentType("message/rfc822")
                .header("webhook-id", id)
                .header("webhook-timestamp", now)
                .header("webhook-signature", new Webhook(secret).sign(id, now, body))
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/email/" + account);
    }
}
