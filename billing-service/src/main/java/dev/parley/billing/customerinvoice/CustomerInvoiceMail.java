package dev.parley.billing.customerinvoice;

import dev.parley.billing.money.MoneyText;
import dev.parley.platform.mail.Mail;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes the mails to a tenant's customers; names and numbers are data in them, never markup. */
final class CustomerInvoiceMail {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);

    private CustomerInvoiceMail() {}

    /** Writes the mail that the invoice comes with. */
    static Mail invoice(CustomerInvoice invoice, String to) {
        return write(
                invoice,
                to,
                "Invoice %s from %s".formatted(invoice.number(), seller(invoice)),
                "attached is invoice %s over %s. Please pay it by %s."
                        .formatted(invoice.number(), MoneyText.of(invoice.total()), DAY.format(invoice.dueOn())));
    }

    /** Writes a payment reminder. */
    static Mail reminder(CustomerInvoice invoice) {
        return write(
                invoice,
                invoice.customer().email(),
                "Reminder: invoice %s from %s".formatted(invoice.number(), seller(invoice)),
                "invoice %s over %s was to be paid by %s, and we have not seen the payment yet. If it is on its way, please disregard this mail."
                        .formatted(invoice.number(), MoneyText.of(invoice.total()), DAY.format(invoice.dueOn())));
    }

    private static Mail write(CustomerInvoice invoice, String to, String subject, String what) {
        String sender = seller(invoice);
        String contact = Objects.requireNonNull(invoice.seller()).email();
        String text = """
                Dear %s,

                %s

                Questions? Write to %s.

                %s
                """.formatted(oneLine(invoice.customer().name()), oneLine(what), oneLine(contact), sender);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%1$s</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                <p>Dear %2$s,</p>
                <p>%3$s</p>
                <p>Questions? Write to %4$s.</p>
                <p>%5$s</p>
                </body></html>
                """.formatted(
                escaped(subject), escaped(invoice.customer().name()), escaped(what), escaped(contact), escaped(sender));
        return new Mail(
                to,
                subject,
                text,
                html,
                List.of(new Mail.Attachment(fileName(invoice), "application/pdf", CustomerInvoicePdf.print(invoice))));
    }

    static String fileName(CustomerInvoice invoice) {
        return "invoice-" + String.valueOf(invoice.number()).replace('/', '-') + ".pdf";
    }

    private static String seller(CustomerInvoice invoice) {
        return oneLine(Objects.requireNonNull(invoice.seller()).name());
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
