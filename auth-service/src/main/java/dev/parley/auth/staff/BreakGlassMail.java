package dev.parley.auth.staff;

import dev.parley.platform.mail.Mail;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the mail that tells an owner of an opened grant; what staff wrote is data in it, never markup. */
final class BreakGlassMail {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private BreakGlassMail() {}

    static Mail write(String to, BreakGlassGrant grant) {
        String told = "A member of Parley's staff may read individual records of your organisation until "
                + TIME.format(grant.expiresAt()) + ".";
        String seen = "Each read is in your audit trail and under staff access in the console.";
        String reason = oneLine(grant.reason());
        String ticket = oneLine(grant.ticket());
        String text = """
                Hello,

                %s

                Reason: %s
                Ticket: %s

                They can change nothing and see neither keys nor payments. %s

                Parley
                """.formatted(told, reason, ticket, seen);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
                <title>Staff access</title></head><body style="font: 16px/1.5 system-ui, sans-serif">
                <p><strong>Parley</strong></p><p>%s</p><p>Reason: %s<br>Ticket: %s</p>
                <p>They can change nothing and see neither keys nor payments. %s</p></body></html>
                """.formatted(escaped(told), escaped(reason), escaped(ticket), escaped(seen));
        return new Mail(to, "Parley's staff opened access to your organisation", text, html);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
