package dev.parley.billing.invoice;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.letter.Letter;
import dev.parley.billing.money.MoneyText;
import dev.parley.platform.mail.Mail;
import java.util.Objects;

/** Writes the mail that an invoice or a credit note comes with. */
final class InvoiceMail {
    private InvoiceMail() {}

    static Mail write(BillingContact to, InvoiceDetail detail, byte[] pdf) {
        Invoice invoice = detail.invoice();
        String number = Objects.requireNonNull(invoice.number());
        String total = MoneyText.of(invoice.total());
        boolean paid = invoice.status().equals("paid");
        String what = (paid ? "thank you: your payment of %s has arrived. " : "this is your invoice over %s. ")
                        .formatted(total)
                + "Invoice %s is attached.".formatted(number);
        String subject = paid ? "Your receipt from Parley: " + total : "Your invoice from Parley: " + total;
        if (invoice.isCreditNote()) {
            boolean failed = invoice.status().equals("void");
            what = (failed
                            ? "your bank did not take the refund of %s, so credit note %s is void. We will come back to you."
                            : "we have refunded %s. Credit note %s is attached.")
                    .formatted(total, number);
            subject = (failed ? "Your refund from Parley failed: " : "Your credit note from Parley: ") + total;
        }
        return Letter.fromUs(to.name(), Letter.says(what))
                .to(to.email(), subject, new Mail.Attachment(fileName(invoice), "application/pdf", pdf));
    }

    /** The name of the file of an invoice or a credit note. */
    static String fileName(Invoice invoice) {
        return "parley-%s-%s.pdf"
                .formatted(
                        invoice.isCreditNote() ? "credit-note" : "invoice",
                        String.valueOf(invoice.number()).replace('/', '-'));
    }
}
