package dev.parley.billing.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.contact.BillingContact;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DunningMailTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration GRACE = Duration.ofDays(7);

    private static Mail mail(Instant now, boolean suspended) {
        OverduePayment overdue = new OverduePayment("Pro <b>", suspended, SINCE, now, GRACE);
        return DunningMail.write(
                new BillingContact("ana@example.com", "Ana & Co\r\nBcc: x"),
                DunningStep.at(suspended, SINCE, now, GRACE),
                overdue,
                URI.create("https://parley.example"));
    }

    @Test
    void eachStepSaysWhatHappensWhen() {
        assertThat(mail(SINCE, false).text()).contains("did not go through", "8 March 2026, 10:00 UTC");
        assertThat(mail(SINCE.plus(Duration.ofHours(84)), false).subject())
                .isEqualTo("Your payment for Parley is still open");
        assertThat(mail(SINCE.plus(GRACE), true).subject()).isEqualTo("Parley is read-only until your payment is made");
    }

    @Test
    void namesAreDataAndNeverMarkupOrHeaders() {
        Mail mail = mail(SINCE, false);

        assertThat(mail.html()).contains("Pro &lt;b&gt;", "Ana &amp; Co Bcc: x").doesNotContain("<b>");
        assertThat(mail.text()).contains("Hello Ana & Co Bcc: x,");
    }
}
