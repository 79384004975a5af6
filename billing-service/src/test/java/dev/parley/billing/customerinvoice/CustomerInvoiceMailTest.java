package dev.parley.billing.customerinvoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.profile.Address;
import dev.parley.billing.profile.BillingProfile;
import dev.parley.platform.mail.Mail;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CustomerInvoiceMailTest {
    @Test
    void namesAreDataAndNeverMarkupOrHeaders() {
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        CustomerInvoice invoice = new CustomerInvoice(
                new UUID(0, 1),
                "issued",
                "2026-00001",
                new Customer("<img src=x>", "k@example.com", null, null),
                new BillingProfile(
                        "Fix <b>&</b>\r\nBcc: x@evil.test",
                        new Address("1", null, "Pune", null, null),
                        "IN",
                        null,
                        null,
                        "shop@example.com"),
                List.of(new InvoiceLine("x", 1L, 100L, null)),
                new Money(100, "INR"),
                new Money(0, "INR"),
                new Money(100, "INR"),
                null,
                LocalDate.parse("2026-12-01"),
                now,
                null,
                0,
                null,
                now);

        for (Mail mail :
                List.of(CustomerInvoiceMail.invoice(invoice, "k@example.com"), CustomerInvoiceMail.reminder(invoice))) {
            assertThat(mail.html())
                    .contains("Fix &lt;b&gt;&amp;&lt;/b&gt;", "&lt;img src=x&gt;", "₹1.00")
                    .doesNotContain("<b>", "<img");
            assertThat(mail.subject()).doesNotContain("\r", "\n");
            assertThat(mail.attachments()).singleElement().satisfies(file -> {
                assertThat(file.name()).isEqualTo("invoice-2026-00001.pdf");
                assertThat(file.mediaType()).isEqualTo("application/pdf");
                assertThat(new String(file.content(), 0, 5, java.nio.charset.StandardCharsets.US_ASCII))
                        .isEqualTo("%PDF-");
            });
        }
    }
}
