package dev.parley.billing.dunning;

import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.letter.Letter;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the mails about an overdue payment. */
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
                                .formatted(Letter.oneLine(overdue.planName()), DAY.format(end));
                    case REMINDER ->
                        "the payment for the plan %s is still open. Everything works until %s; after that Parley is read-only."
                                .formatted(Letter.oneLine(overdue.planName()), DAY.format(end));
                    case SUSPENDED ->
                        "the payment for the plan %s is still open, so Parley is read-only for now. Your data is kept, and everything works again as soon as the payment is made."
                                .formatted(Letter.oneLine(overdue.planName()));
                };
        return Letter.fromUs(
                        to.name(),
                        Letter.says(what),
                        Letter.leads("Check your means of payment", publicUrl + "/console/billing"))
                .to(to.email(), subject);
    }
}
