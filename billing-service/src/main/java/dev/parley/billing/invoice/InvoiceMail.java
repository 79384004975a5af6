package dev.parley.billing.invoice;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.money.MoneyText;
import dev.parley.platform.mail.Mail;
import java.util.List;
import java.util.Objects;

/** Writes the mail that an invoice comes with; names that tenants chose are data in it, never markup. */
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
        String text = """
                Hello %s,

                %s

                Parley
                """.formatted(oneLine(to.name()), what);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%1$s</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                <p><strong>Parley</strong></p>
                <p>Hello %2$s,</p>
                <p>%3$s</p>
                </body></html>
                """.formatted(escaped(subject), escaped(to.name()), escaped(what));
        return new Mail(
                to.email(),
                subject,
                text,
                html,
                List.of(new Mail.Attachment(fileName(number), "application/pdf", pdf)));
    }

    /** The name of an invoice's file. */
    static String fileName(String number) {
        return "parley-invoice-" + number.replace('/', '-') + ".pdf";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static String escaped(String text) {
        return oneLine(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
