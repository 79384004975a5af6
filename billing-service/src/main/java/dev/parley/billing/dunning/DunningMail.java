package dev.parley.billing.dunning;

import dev.parley.billing.contact.BillingContact;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the mails about an overdue payment; names that tenants chose are data in them, never markup. */
final class DunningMail {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private DunningMail() {}

    static Mail write(BillingContact to, DunningStep step, OverduePayment overdue, URI publicUrl) {
        Instant end = overdue.since().plus(overdue.grace());
        String subject =
                switch (step) {
                    case FAILED -> "Your payment for Parley did not go through";
                    case REMINDER -> "Your payment for Parley is still open";
                    case SUSPENDED -> "Parley is read-only until your payment is made";
                };
        String what =
                switch (step) {
                    case FAILED ->
                        "the payment for the plan %s did not go through. Nothing has changed for you: everything works until %s."
                                .formatted(oneLine(overdue.planName()), DAY.format(end));
                    case REMINDER ->
                        "the payment for the plan %s is still open. Everything works until %s; after that Parley is read-only."
                                .formatted(oneLine(overdue.planName()), DAY.format(end));
                    case SUSPENDED ->
                        "the payment for the plan %s is still open, so Parley is read-only for now. Your data is kept, and everything works again as soon as the payment is made."
                                .formatted(oneLine(overdue.planName()));
                };
        String link = publicUrl + "/console/billing";
        String text = """
                Hello %s,

                %s

                Check your means of payment here:
                %s

                Parley
                """.formatted(oneLine(to.name()), what, link);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%1$s</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                <p><strong>Parley</strong></p>
                <p>Hello %2$s,</p>
                <p>%3$s</p>
                <p><a href="%4$s">Check your means of payment</a></p>
                </body></html>
                """.formatted(escaped(subject), escaped(to.name()), escaped(what), escaped(link));
        return new Mail(to.email(), subject, text, html);
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
