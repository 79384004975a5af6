package dev.parley.billing.letter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.mail.Mail;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LetterTest {
    @Test
    void aLetterFromUsIsBrandedAndLeadsSomewhere() {
        Mail mail = Letter.fromUs(
                        "Ada\n <b>",
                        Letter.says("your payment & more."),
                        Letter.leads("Pay here", "https://parley.example/?a=1&b=2"))
                .to("ada@example.com", "Pay <now>");

        assertThat(mail.to()).isEqualTo("ada@example.com");
        assertThat(mail.subject()).isEqualTo("Pay <now>");
        assertThat(mail.attachments()).isEmpty();
        assertThat(mail.text()).isEqualTo("""
                Hello Ada  <b>,

                your payment & more.

                Pay here:
                https://parley.example/?a=1&b=2

                Parley
                """);
        assertThat(mail.html()).isEqualTo("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>Pay &lt;now&gt;</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                <p><strong>Parley</strong></p>
                <p>Hello Ada  &lt;b&gt;,</p>
                <p>your payment &amp; more.</p>
                <p><a href="https://parley.example/?a=1&amp;b=2">Pay here</a></p>
                </body></html>
                """);
    }

    @Test
    void aTenantsLetterIsSignedByIt() {
        byte[] file = "x".getBytes(StandardCharsets.US_ASCII);

        Mail mail = Letter.from("Fix & Co", "Bob", Letter.says("attached."), Letter.says("Questions? Write to a@b.co."))
                .to("bob@example.com", "Invoice", new Mail.Attachment("i.pdf", "application/pdf", file));

        assertThat(mail.attachments()).singleElement().satisfies(one -> assertThat(one.name())
                .isEqualTo("i.pdf"));
        assertThat(mail.text()).isEqualTo("""
                Dear Bob,

                attached.

                Questions? Write to a@b.co.

                Fix & Co
                """);
        assertThat(mail.html()).endsWith("""
                <p>Dear Bob,</p>
                <p>attached.</p>
                <p>Questions? Write to a@b.co.</p>
                <p>Fix &amp; Co</p>
                </body></html>
                """).doesNotContain("<strong>");
    }
}
