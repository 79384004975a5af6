package dev.parley.billing.warning;

import dev.parley.billing.contact.BillingContact;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the mails about credits that are nearly or all used; names that tenants chose are data in them, never markup. */
final class WarningMail {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final int ALL = 100;

    private WarningMail() {}

    /**
     * Writes one.
     *
     * @param resetsAt when new credits come, or null when nobody knows
     */
    static Mail write(BillingContact to, ThresholdReached reached, @Nullable Instant resetsAt, URI publicUrl) {
        boolean all = reached.percent() >= ALL;
        String subject = all
                ? "Your Parley credits are used up"
                : "%d %% of your Parley credits are used".formatted(reached.percent());
        String what = all
                ? "all credits of this period are used. Depending on your plan, agents stop answering or go on at the overage that you allowed."
                : "%d %% of the credits of this period are used; %,d are left."
                        .formatted(reached.percent(), Math.max(0, reached.remaining()));
        String when = resetsAt == null ? "" : " New credits come on %s.".formatted(DAY.format(resetsAt));
        String link = publicUrl + "/console/billing";
        String text = """
                Hello %s,

                %s%s

                See where they went, change your plan or buy a pack:
                %s

                Parley
                """.formatted(oneLine(to.name()), what, when, link);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%1$s</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                <p><strong>Parley</strong></p>
                <p>Hello %2$s,</p>
                <p>%3$s</p>
                <p><a href="%4$s">See where they went, change your plan or buy a pack</a></p>
                </body></html>
                """.formatted(escaped(subject), escaped(to.name()), escaped(what + when), escaped(link));
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
