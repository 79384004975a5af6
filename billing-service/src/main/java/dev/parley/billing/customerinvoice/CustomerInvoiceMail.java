package dev.parley.billing.customerinvoice;

import dev.parley.billing.letter.Letter;
import dev.parley.billing.money.MoneyText;
import dev.parley.platform.mail.Mail;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/** Writes the mails to a tenant's customers. */
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
        String contact = Objects.requireNonNull(invoice.seller()).email();
        return Letter.from(
                        seller(invoice),
                        invoice.customer().name(),
                        Letter.says(what),
                        Letter.says("Questions? Write to " + contact + "."))
                .to(
                        to,
                        subject,
                        new Mail.Attachment(fileName(invoice), "application/pdf", CustomerInvoicePdf.print(invoice)));
    }

    static String fileName(CustomerInvoice invoice) {
        return "invoice-" + String.valueOf(invoice.number()).replace('/', '-') + ".pdf";
    }

    private static String seller(CustomerInvoice invoice) {
        return Letter.oneLine(Objects.requireNonNull(invoice.seller()).name());
    }
}
