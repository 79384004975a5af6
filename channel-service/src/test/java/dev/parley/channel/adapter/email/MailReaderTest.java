package dev.parley.channel.adapter.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.MediaContent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWN = "help@shop.example";
    private static final UUID SEND = UUID.fromString("01a1ffae-d94c-7bc6-b596-5190809b1ae6");

    private final MailReader reader = new MailReader(JSON, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aMailCarriesSubjectWordsSenderAndTime() {
        InboundMessage message = message("""
            Message-ID: <a1@mail.example>
            From: =?utf-8?q?Ana_Mu=C3=B1oz?= <Ana@Mail.example>
            To: help@shop.example
            Subject: Where is my order?
            Date: Sat, 21 Nov 2026 09:58:00 +0000
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            It=B4s late =
            again.
            """);

        assertThat(message.subject()).isEqualTo("Where is my order?");
        assertThat(message.text()).isEqualTo("It´s late again.");
        assertThat(message.sender().id()).isEqualTo("ana@mail.example");
        assertThat(message.sender().displayName()).isEqualTo("Ana Muñoz");
        assertThat(message.sentAt()).isEqualTo(Instant.parse("2026-11-21T09:58:00Z"));
        assertThat(message.thread()).isEqualTo(MailThread.digest("<a1@mail.example>") + ":ana@mail.example");
        assertThat(thread(message))
                .isEqualTo(new MailThread(
                        "ana@mail.example",
                        MailThread.digest("<a1@mail.example>"),
                        "Where is my order?",
                        "<a1@mail.example>",
                        java.util.List.of()));
    }

    @Test
    void anAnswerBelongsToItsThreadHoweverTheProgramTellsIt() {
        MailThread first = thread(message(mail("a1", "", "Hi")));
        String ours = first.answerId(SEND, "shop.example");

        for (String headers : new String[] {
            "References: <a1@mail.example> " + ours + "\nIn-Reply-To: " + ours + "\n",
            "In-Reply-To: " + ours + "\n",
            "References: <a1@mail.example>\n",
            "References: " + ours + "\n"
        }) {
            InboundMessage answer = message(mail("a2", headers, "Thanks\n\nOn Fri we wrote:\n> Hello"));
            assertThat(answer.thread()).isEqualTo(first.key("ana@mail.example"));
            assertThat(answer.text()).isEqualTo("Thanks");
            assertThat(thread(answer).messageId()).isEqualTo("<a2@mail.example>");
        }
        assertThat(message(mail("a3", "", "Hi")).thread()).isNotEqualTo(first.key("ana@mail.example"));
        assertThat(message(mail("a2", "In-Reply-To: " + ours + "\n", "Me too")
                                .replace("Ana <ana@mail.example>", "Bo <bo@mail.example>"))
                        .thread())
                .as("somebody else in the same thread")
                .isEqualTo(first.thread() + ":bo@mail.example");
    }

    @Test
    void whoWantsTheAnswerElsewhereIsSomebodyElse() {
        InboundMessage message = message(mail("a1", "Reply-To: Eve <eve@evil.example>\n", "Hi"));

        String who = MailThread.digest("ana@mail.example\neve@evil.example") + "@reply-to.invalid";
        assertThat(message.sender().id()).isEqualTo(who);
        assertThat(message.sender().displayName()).isEqualTo("Eve");
        assertThat(message.thread()).endsWith(":" + who);
        assertThat(thread(message).to()).isEqualTo("eve@evil.example");
        assertThat(message(mail("a1", "Reply-To: <Ana@mail.example>\n", "Hi"))
                        .sender()
                        .id())
                .isEqualTo("ana@mail.example");
        assertThat(read("Message-ID: <a1@mail.example>\nReply-To: eve@evil.example\n\nHi"))
                .isInstanceOf(InboundEvent.Other.class);
    }

    @Test
    void anAnswerThatNamesNothingIsInAThreadWithThoseOfItsSubject() {
        String first = message(mail("a1", "Subject: Re: Your Order\n", "Hi")).thread();

        for (String subject :
                new String[] {"RE: your order", "AW: Re: Your order", "Re[2]: Your order", "Fwd:your order"}) {
            assertThat(message(mail("a2", "Subject: " + subject + "\n", "Hi")).thread())
                    .isEqualTo(first);
        }
        for (String subject : new String[] {"Re: Your orders", "Your order", "Regarding: Your order"}) {
            assertThat(message(mail("a2", "Subject: " + subject + "\n", "Hi")).thread())
                    .isNotEqualTo(first);
        }
        assertThat(message(mail("a3", "Subject: Your order\n", "Hi")).thread())
                .as("what does not say that it is an answer begins a thread")
                .isNotEqualTo(message(mail("a4", "Subject: Your order\n", "Hi")).thread());
    }

    @Test
    void longHeadersTakeNoTimeAndThoseBeyondTheFirst64KiBAreNotThere() {
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < 400_000; i++) {
            ids.append(" <").append(i).append("@x.example>\n");
        }
        String body = "Hi\n\nthere";

        InboundMessage message = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> message(mail("a1", "References:\n" + ids + "Reply-To: eve@evil.example\n", body)));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> MailThread.of("a@b.example", "", "<x@y>", ids.toString()));

        assertThat(message.text()).isEqualTo(body);
        assertThat(message.sender().id()).isEqualTo("ana@mail.example");
        assertThat(thread(message).thread()).isEqualTo(MailThread.digest("<0@x.example>"));
        assertThat(thread(message).references()).hasSize(20);
    }

    @Test
    void aLongContentTypeTakesNoTime() {
        String type = "Content-Type: text/plain;\n" + " x=charset charset\n".repeat(100_000);
        String mail = "Content-Type: multipart/mixed; boundary=m\n\n--m\n" + type + "\nHi\n--m--\n";

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> read("Message-ID: <a1@mail.example>\nFrom: ana@mail.example\n" + mail));
    }

    @Test
    void wordsAreReadUpToALength() {
        String long1 = ("x".repeat(99) + "\n").repeat(20_000);

        assertThat(message(mail("a1", "", long1)).text()).hasSizeBetween(250_000, 256 * 1024);
    }

    @Test
    void ofMoreLinesThatMayBeBoundariesThanThatNothingIsTakenApart() {
        String parts = "--m\n\n".repeat(2_001);

        assertThatThrownBy(() -> read(mail("a1", "Content-Type: multipart/mixed; boundary=m\n", parts)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("too many parts");
        assertThat(message(mail("a1", "", "Hi\n" + "--x\n".repeat(2_001))).text())
                .as("words alone are not taken apart")
                .startsWith("Hi");
    }

    @Test
    void emptyPlainWordsBesideHtmlAreNone() {
        assertThat(message("""
            Message-ID: <a1@mail.example>
            From: ana@mail.example
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            \s
            --a
            Content-Type: text/html

            <p>STOP</p>
            --a--
            """).text()).isEqualTo("STOP");
    }

    @Test
    void aReportWithManySpacesTakesNoTime() {
        String ours = "<" + SEND + "." + "0123456789abcdef".repeat(2) + "@shop.example>";
        String report = "Message-ID: <b1@x>\n"
                + "From: MAILER-DAEMON@x.example\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                + "Action: failed\n"
                + "Message-ID: "
                + ours + "\nDiagnostic-Code:" + " ".repeat(8_000_000) + "x".repeat(600);

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> read(report));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "Auto-Submitted: auto-generated; x=y",
                "Precedence: bulk",
                "Precedence: auto_reply",
                "List-Id: <news.example>",
                "List-Unsubscribe: <https://x>",
                "X-Autoreply: yes",
                "X-Auto-Response-Suppress: All",
                "X-Auto-Response-Suppress: OOF, AutoReply",
                "Return-Path: <>",
                "Reply-To: MAILER-DAEMON@mail.example",
                "Reply-To: no-reply@mail.example",
                "Reply-To: help@shop.example",
                "Reply-To: not an address",
                "Reply-To: a@localhost"
            })
    void whatProgramsSendIsAnsweredByNobody(String header) {
        assertThat(read(mail("a1", header + "\n", "I am on holiday")))
                .isInstanceOfSatisfying(InboundEvent.Other.class, other -> assertThat(other.id())
                        .isEqualTo("<a1@mail.example>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Auto-Submitted: no", "X-Auto-Response-Suppress: OOF", "Precedence: normal"})
    void aPersonMaySayThatItIsAPerson(String header) {
        assertThat(read(mail("a1", header + "\n", "Hi"))).isInstanceOf(InboundEvent.Message.class);
    }

    @Test
    void aMailThatCameBackSaysWhatBecameOfOurs() {
        String ours = "<" + SEND + "." + "0123456789abcdef".repeat(2) + "@shop.example>";
        String report = """
            Message-ID: <b1@mail.example>
            From: MAILER-DAEMON@mail.example
            Auto-Submitted: auto-replied
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: text/plain

            Sorry.
            --b
            Content-Type: message/delivery-status

            Final-Recipient: rfc822; ana@mail.example
            Action: %s
            Diagnostic-Code: smtp; 550 no such user
            --b
            Content-Type: text/rfc822-headers

            Message-ID: %s
            --b--
            """;

        assertThat(read(report.formatted("failed", ours))).isInstanceOfSatisfying(InboundEvent.Status.class, status -> {
            assertThat(status.status()).isEqualTo(DeliveryStatus.FAILED);
            assertThat(status.reference()).isEqualTo(SEND);
            assertThat(status.providerMessageId()).isEqualTo(ours);
            assertThat(status.error()).isEqualTo("smtp; 550 no such user");
        });
        assertThat(read(report.formatted("delayed", ours))).isInstanceOf(InboundEvent.Other.class);
        assertThat(read(report.formatted("failed", "<other@x>"))).isInstanceOf(InboundEvent.Other.class);
    }

    @Test
    void ofSeveralFormsThePlainOneCountsAndFilesAreNamed() {
        String picture = Base64.getEncoder().encodeToString(new byte[100]);
        InboundMessage message = message("""
            Message-ID: <a1@mail.example>
            From: ana@mail.example
            In-Reply-To: <x@y.example>
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=utf-8

            Broken ✓
            --a
            Content-Type: text/html

            <p>Broken in HTML</p>
            --a--
            --m
            Content-Type: image/png; name="=?utf-8?q?f=C3=B6to.png?="
            Content-Disposition: attachment
            Content-Transfer-Encoding: base64

            %s
            --m
            Content-Type: application/pdf
            Content-Disposition: attachment; filename="bill[1].pdf"

            x
            --m--
            """.formatted(picture));

        assertThat(message.text()).isEqualTo("[image föto.png] [document bill 1 .pdf] Broken ✓");
        assertThat(message.files()).extracting(MediaContent::fileName).containsExactly("föto.png", "bill 1 .pdf");
        assertThat(message.files().getFirst().bytes()).isEqualTo(new byte[100]);
        assertThat(message.files().getLast().bytes()).asString().isEqualTo("x");
    }

    @Test
    void aWordBelowASubjectAndAboveALogoIsStillThatWord() {
        InboundMessage message = message("""
            Message-ID: <a1@mail.example>
            From: ana@mail.example
            Subject: Your offer
            Content-Type: multipart/related; boundary=m

            --m
            Content-Type: text/html

            <p>STOP</p><img src="cid:logo">
            --m
            Content-Type: image/png; name="logo.png"
            Content-ID: <logo>
            Content-Disposition: inline

            x
            --m--
            """);

        assertThat(message.text()).isEqualTo("STOP");
        assertThat(message.written()).isEqualTo("Your offer\n\nSTOP");
        assertThat(message.files()).hasSize(1);
    }

    @Test
    void aMailMayBeASubjectOrAPictureAlone() {
        assertThat(message(mail("a1", "Subject: STOP\n", "")))
                .satisfies(stop -> assertThat(stop.written()).isEqualTo("STOP"))
                .satisfies(stop -> assertThat(stop.text()).isEqualTo("STOP"));
        assertThat(message("Message-ID: <a1@mail.example>\nFrom: ana@mail.example\nContent-ID: <p>\n"
                                + "Content-Type: image/png\n\nx")
                        .text())
                .isEqualTo("[image]");
        assertThat(read(mail("a1", "", ""))).isInstanceOf(InboundEvent.Other.class);
    }

    @Test
    void ofManyFilesTwentyAreTaken() {
        StringBuilder mail = new StringBuilder("Message-ID: <a1@mail.example>\nFrom: ana@mail.example\n"
                + "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nHi\n");
        for (int i = 0; i < 30; i++) {
            mail.append("--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=f\n\nx\n");
        }

        assertThat(message(mail.append("--m--\n").toString()).files()).hasSize(20);
    }

    @Test
    void htmlAloneIsRead() {
        assertThat(message("""
            Message-ID: <a1@mail.example>
            From: ana@mail.example
            References: <x@y.example>
            Content-Type: text/html; charset=utf-8

            <div>Hello<br>you</div><blockquote>old</blockquote>
            """).text()).isEqualTo("Hello\nyou");
    }

    @Test
    void aMailWithoutAnIdHasOneFromItsBytes() {
        String mail = "From: ana@mail.example\nSubject: x\n\nHi\n";

        assertThat(read(mail).id()).isEqualTo(read(mail).id()).endsWith("@no.id>");
        assertThat(read(mail + "!").id()).isNotEqualTo(read(mail).id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "hello", "\u0000\u0001\u0002", "Subject: only\n\nx"})
    void whatIsNoMailIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed; boundary=x",
                "Content-Type: multipart/mixed",
                "Content-Type: text/plain; charset=klingon",
                "Content-Type: nonsense",
                "Content-Transfer-Encoding: base64",
                "Content-Transfer-Encoding: martian",
                "Date: yesterday",
                "Date: Fri, 01 Jan 9999 00:00:00 +0000",
                "References: " + "<x>"
            })
    void brokenMailsAreReadAsFarAsTheyGo(String header) {
        InboundEvent event = read(mail("a1", header + "\n", "Hi there"));

        assertThat(event.id()).isEqualTo("<a1@mail.example>");
        if (event instanceof InboundEvent.Message message) {
            assertThat(message.message().sentAt()).isEqualTo(NOW);
        }
    }

    @Test
    void aMailInAMailInAMailEnds() {
        StringBuilder deep = new StringBuilder("Message-ID: <a1@mail.example>\nFrom: ana@mail.example\n");
        for (int i = 0; i < 500; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }

        assertThat(read(deep + "\nHi").id()).isEqualTo("<a1@mail.example>");
    }

    private static String mail(String id, String headers, String body) {
        return "Message-ID: <" + id + "@mail.example>\nFrom: Ana <ana@mail.example>\nTo: help@shop.example\n" + headers
                + "\n" + body + "\n";
    }

    private static MailThread thread(InboundMessage message) {
        return MailThread.read(message.recipient(), JSON);
    }

    private InboundMessage message(String mail) {
        return ((InboundEvent.Message) read(mail)).message();
    }

    private InboundEvent read(String mail) {
        return reader.read(mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8), OWN);
    }
}
