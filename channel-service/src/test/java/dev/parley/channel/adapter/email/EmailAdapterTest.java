package dev.parley.channel.adapter.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.Addressee;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.adapter.Finding;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import dev.parley.channel.adapter.vendor.Secrets;
import dev.parley.channel.webhook.WebhookSettings;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAdapterTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    /** A name server for which every name is inside. */
    private static final Addresses.Lookup INSIDE = name -> new InetAddress[] {
        name.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral("10.1.2.3")
    };

    /** How long a server may take for an answer: soon over, where none comes. */
    private static final String ANSWERS = "2s";

    private static final String MAIL = """
        Message-ID: <a1@mail.example>
        From: Ana <ana@mail.example>
        Subject: Where is it?

        Hello
        """.replace("\n", "\r\n");

    private final FakeSmtp smtp = new FakeSmtp();
    private final EmailAdapter adapter = adapter(true, INSIDE, "20s", "40s");
    private final UUID reference = UUID.randomUUID();

    @AfterEach
    void close() throws IOException {
        smtp.close();
    }

    @Test
    void aMailboxIsKnownAsItsMailsNameItAndNothingElseIsOne() {
        assertThat(adapter.addressee("Ana@Example.com")).contains(new Addressee("ana@example.com", null, false));
        assertThat(adapter.addressee("nobody")).isEmpty();
        assertThat(adapter.addressee("ana@one@example.com")).isEmpty();
        assertThat(adapter.addressee("ana b@example.com")).isEmpty();
        assertThat(adapter.addressee("ana\u0000@example.com")).isEmpty();
    }

    @Test
    void whoeverMayLogInConnectsAMailbox() {
        Connection connection = adapter.identify(TENANT, given(Map.of()));

        assertThat(connection.externalId()).isEqualTo("help@shop.example");
        assertThat(connection.credentials()).containsEntry("smtp_tls", "none").doesNotContainKey("name");
        assertThat(connection.setup()).containsOnlyKeys("signing_secret");
        assertThat(connection.setup().get("signing_secret")).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(smtp.mails()).isEmpty();
        assertThat(adapter.inspect(TENANT, connection.credentials(), "https://x.example/webhooks/email/1"))
                .allMatch(Finding::ok);
    }

    @Test
    void whoMayNotDoesNot() throws IOException {
        refused(adapter, Map.of("smtp_password", "wrong"), AdapterProblem.CHANNEL_REFUSED);
        refused(adapter, Map.of("smtp_tls", "starttls"), AdapterProblem.CHANNEL_UNREACHABLE);
        refused(adapter, Map.of("address", "not one"), CommonProblem.VALIDATION_FAILED);
        refused(
                adapter,
                Map.of("smtp_host", "mail.shop.example", "smtp_port", "6379"),
                CommonProblem.VALIDATION_FAILED);
        refused(adapter, Map.of("signing_secret", "whsec_short"), CommonProblem.VALIDATION_FAILED);
        refused(adapter, Map.of("token", "x"), CommonProblem.VALIDATION_FAILED);
        Connection connection = adapter.identify(TENANT, given(Map.of()));
        smtp.close();
        refused(adapter, Map.of(), AdapterProblem.CHANNEL_UNREACHABLE);
        assertThat(adapter.inspect(TENANT, connection.credentials(), "https://x.example")
                        .getFirst()
                        .name())
                .isEqualTo("vendor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "10.0.0.1",
                "169.254.169.254",
                "::1",
                "192.168.1.1",
                "internal.shop.example",
                "metadata.internal",
                "0x7f000001",
                "2130706433"
            })
    void aServerIsOnThePublicInternet(String host) {
        Map<String, String> inside = given(Map.of("smtp_host", host, "smtp_port", "25"));

        assertThatThrownBy(() -> adapter(false).identify(TENANT, inside))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(AdapterProblem.CHANNEL_REFUSED));
        assertThat(adapter(false).send(complete(inside), outgoing("Hi"))).isInstanceOf(SendOutcome.Refused.class);
    }

    @Test
    void anAnswerIsPartOfItsThreadAndSaysThatAProgramWroteIt() {
        Map<String, String> credentials =
                adapter.identify(TENANT, given(Map.of("name", "Shop ✓"))).credentials();

        SendOutcome outcome = adapter.send(credentials, outgoing("It is on its way ✓\n.\nBye"));

        String id = "<" + reference + "." + MailThread.digest("<a1@mail.example>") + "@shop.example>";
        assertThat(outcome).isEqualTo(new SendOutcome.Sent(id));
        String mail = smtp.mails().getFirst();
        assertThat(mail)
                .contains("Message-ID: " + id)
                .contains("In-Reply-To: <a1@mail.example>")
                .contains("References: <a1@mail.example>")
                .contains("Subject: Re: Where is it?")
                .contains("To: ana@mail.example")
                .contains("<help@shop.example>")
                .contains("Auto-Submitted: auto-replied")
                .contains("X-Auto-Response-Suppress: All");
        InboundEvent echo = new MailReader(new ObjectMapper(), Clock.systemUTC())
                .read(mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8), "other@x.example");
        assertThat(echo).as("our own mails are answered by nobody").isInstanceOf(InboundEvent.Other.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 no such user, Refused",
        "RCPT, 450 mailbox busy, Later",
        "MAIL, 553 not yours, Refused",
        "MAIL, 421 busy, Later",
        "DATA, 554 no, Refused",
        "DATA, 451 later, Later",
        "., 554 spam, Refused",
        "., 452 full, Later",
        "., cut, Ambiguous",
        "., later, Sent",
        "QUIT, reset, Sent",
        "QUIT, endless, Sent",
        "EHLO, slow, Later",
        "EHLO, cut, Later",
        "AUTH, 535 no, Refused"
    })
    void onlyWhatTheServerSaidIsKnown(String command, String answer, String outcome) {
        Map<String, String> credentials =
                adapter.identify(TENANT, given(Map.of())).credentials();
        smtp.answer(command, answer);

        EmailAdapter sender =
                switch (answer) {
                    case "later" ->
                        adapter(true, INSIDE, ANSWERS, "40s"); // later than an answer, within the acceptance
                    case "slow" -> adapter(true, INSIDE, "20s", "5s"); // ended by the longest talk
                    default -> adapter;
                };

        SendOutcome actual = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> sender.send(credentials, outgoing("Hi")));

        assertThat(actual.getClass().getSimpleName()).isEqualTo(outcome);
        if (command.equals("AUTH")) {
            assertThat(((SendOutcome.Refused) actual).refusal()).isEqualTo(Refusal.ACCOUNT);
        }
    }

    @ParameterizedTest
    @CsvSource({"EHLO, endless, Later", "EHLO, long, Later", "., endless, Ambiguous", "., long, Ambiguous"})
    void nobodyListensForEver(String command, String answer, String outcome) {
        EmailAdapter patient = adapter(true, INSIDE, "20s", "1h");
        Map<String, String> credentials =
                patient.identify(TENANT, given(Map.of())).credentials();
        smtp.answer(command, answer);

        SendOutcome actual = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> patient.send(credentials, outgoing("Hi")));

        assertThat(actual.getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void whoLetsUsInIsNoLessReachableForLeavingRudely() {
        smtp.answer("QUIT", "reset");

        assertThat(adapter.identify(TENANT, given(Map.of())).externalId()).isEqualTo("help@shop.example");
    }

    @Test
    void aSendMayTakeAsLongAsItsTalkAndTheLookUp() {
        assertThat(adapter.longestSend()).isEqualTo(Duration.ofSeconds(40 + 5));
    }

    @Test
    void aTenantsSlowNameServersTakeItsOwnShareAlone() throws Exception {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        CountDownLatch answered = new CountDownLatch(1);
        Addresses.Lookup slowly = name -> {
            asked.add(name);
            await(answered);
            return new InetAddress[] {InetAddress.ofLiteral("10.1.2.3")};
        };
        EmailAdapter slow = adapter(true, slowly, ANSWERS, "5s");
        try {
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Map<String, String> another = given(
                        Map.of("smtp_host", "s" + i + ".shop.example", "smtp_port", "25", "smtp_user", "user" + i));
                all.add(Thread.ofVirtual().start(() -> assertThatThrownBy(() -> slow.identify(TENANT, another))
                        .isInstanceOf(Problem.class)));
            }
            for (Thread each : all) {
                each.join();
            }

            assertThat(asked).hasSize(4);
        } finally {
            answered.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tlsBeginsBeforeAnythingIsSaidAndAtThePinnedAddress() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Integer> first = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    first.complete(socket.getInputStream().read());
                } catch (IOException failure) {
                    first.completeExceptionally(failure);
                }
            });

            refused(
                    adapter,
                    Map.of("smtp_host", "localhost", "smtp_tls", "tls", "smtp_port", "" + server.getLocalPort()),
                    AdapterProblem.CHANNEL_UNREACHABLE);

            assertThat(first.get(5, TimeUnit.SECONDS)).as("a handshake of TLS").isEqualTo(0x16);
        }
    }

    @Test
    void nobodyThereIsLater() throws IOException {
        Map<String, String> credentials =
                adapter.identify(TENANT, given(Map.of())).credentials();
        smtp.close();

        assertThat(adapter.send(credentials, outgoing("Hi")))
                .isEqualTo(new SendOutcome.Later(Duration.ofSeconds(60), "no connection to the SMTP server"));
        assertThat(adapter.send(
                        credentials,
                        new Outgoing(
                                TENANT, reference, "not a thread", new OutboundPart.Text("Hi"), "https://x.example")))
                .isInstanceOf(SendOutcome.Refused.class);
    }

    @Test
    void mailgunBringsMailsInItsForms() {
        Map<String, String> credentials = Map.of("address", "help@shop.example", "mailgun_signing_key", "key");
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        String signature = HexFormat.of()
                .formatHex(Secrets.hmac("HmacSHA256", "key", (timestamp + "tok").getBytes(StandardCharsets.UTF_8)));
        String pairs = "recipient=help%40shop.example&timestamp=" + timestamp + "&token=tok&signature=" + signature
                + "&body-mime=" + URLEncoder.encode(MAIL, StandardCharsets.UTF_8);
        String parts = "--b\r\nContent-Disposition: form-data; name=\"timestamp\"\r\n\r\n" + timestamp
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\ntok"
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"signature\"\r\n\r\n" + signature
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"body-mime\"\r\n\r\n" + MAIL + "\r\n--b--\r\n";

        for (InboundCall call : List.of(
                call("mailgun-mime", "application/x-www-form-urlencoded", pairs),
                call("mailgun-mime", "multipart/form-data; boundary=b", parts))) {
            assertThat(adapter.verify(call, credentials)).isTrue();
            assertThat(adapter.verify(call, Map.of("mailgun_signing_key", "other")))
                    .isFalse();
            assertThat(adapter.parse(call, credentials, true))
                    .singleElement()
                    .extracting(
                            event -> ((InboundEvent.Message) event).message().written())
                    .isEqualTo("Where is it?\n\nHello");
        }
        assertThat(adapter.verify(call("mailgun-mime", "multipart/form-data", "x"), credentials))
                .isFalse();
        assertThat(adapter.verify(call("", "message/rfc822", MAIL), credentials))
                .isFalse();
        assertThatThrownBy(() -> adapter.parse(call("mailgun-mime", "text/plain", "a=b"), credentials, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFormIsReadOnlyWhereOneIsExpectedAndHasFewMembers() {
        byte[] body = new byte[0];
        Map<String, String> unread = new HashMap<>() {
            @Override
            public String get(Object name) {
                throw new AssertionError("the form is read");
            }
        };
        InboundCall call = new InboundCall("POST", "mailgun-mime", "https://x.example/", Map.of(), unread, body);
        assertThat(adapter.verify(call, Map.of())).isFalse();

        String many = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n".repeat(2_001) + "--b--\r\n";
        InboundCall form = call("mailgun-mime", "multipart/form-data; boundary=b", many);
        assertThatThrownBy(() -> adapter.parse(form, Map.of("mailgun_signing_key", "key"), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("too many parts");
    }

    private static InboundCall call(String path, String type, String body) {
        return new InboundCall(
                "POST",
                path,
                "https://x.example/",
                Map.of(),
                Map.of("content-type", type),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Outgoing outgoing(String text) {
        InboundMessage message = ((InboundEvent.Message) new MailReader(new ObjectMapper(), Clock.systemUTC())
                        .read(MAIL.getBytes(StandardCharsets.UTF_8), "help@shop.example"))
                .message();
        return new Outgoing(TENANT, reference, message.recipient(), new OutboundPart.Text(text), "https://x.example");
    }

    private void refused(EmailAdapter asked, Map<String, String> more, ProblemType type) {
        assertThatThrownBy(() -> asked.identify(TENANT, given(more)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private Map<String, String> given(Map<String, String> more) {
        Map<String, String> given = new HashMap<>(Map.of(
                "address",
                "Help@Shop.example",
                "smtp_host",
                "127.0.0.1",
                "smtp_port",
                Integer.toString(smtp.port()),
                "smtp_user",
                "shop",
                "smtp_password",
                "right",
                "smtp_tls",
                "none"));
        given.putAll(more);
        return given;
    }

    private static Map<String, String> complete(Map<String, String> given) {
        Map<String, String> complete = new HashMap<>(given);
        complete.put("address", "help@shop.example");
        return complete;
    }

    private static EmailAdapter adapter(boolean loopback) {
        return adapter(loopback, INSIDE, ANSWERS, "5s");
    }

    private static EmailAdapter adapter(boolean loopback, Addresses.Lookup names, String timeout, String longestTalk) {
        Addresses addresses = new Addresses(new WebhookSettings(loopback, Duration.ofSeconds(1)), names);
        EmailConfig config = AdapterSettings.of(
                EmailConfig.class,
                Map.of(
                        "channel.email.timeout", timeout,
                        "channel.email.connect-timeout", timeout,
                        "channel.email.acceptance", "30s",
                        "channel.email.longest-talk", longestTalk));
        return new EmailAdapter(new Smtp(config, addresses), config, new ObjectMapper(), Clock.systemUTC());
    }
}
