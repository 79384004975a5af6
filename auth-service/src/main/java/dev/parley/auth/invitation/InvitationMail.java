package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import dev.parley.platform.mail.Mail;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the mail that invites a person; what tenants and people chose as names is data in it, never markup. */
final class InvitationMail {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private InvitationMail() {}

    static Mail write(String to, String organization, String inviter, Role role, URI link, Instant expiresAt) {
        String subject = inviter + " invites you to " + organization + " on Parley";
        String as = role == Role.MEMBER ? "a member" : "an " + role.word();
        String text = """
                Hello,

                %s invites you to join %s on Parley as %s.

                Accept the invitation here:
                %s

                The link is for %s alone and works until %s.
                If you do not know %s, ignore this mail: nothing happens without you.

                Parley
                """.formatted(
                        oneLine(inviter), oneLine(organization), as, link, to, DAY.format(expiresAt), oneLine(inviter));
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%1$s</title>
                <style>
                body { margin: 0; background: #f4f4f7; color: #1c1c28; font: 16px/1.5 system-ui, sans-serif; }
                .card { max-width: 520px; margin: 32px auto; padding: 32px; background: #ffffff; border-radius: 12px; }
                .brand { font-weight: 700; font-size: 20px; color: #4f46e5; margin: 0 0 24px; }
                .button { display: inline-block; padding: 12px 24px; border-radius: 8px; background: #4f46e5;
                  color: #ffffff !important; text-decoration: none; font-weight: 600; }
                .small { font-size: 13px; color: #5b5b6b; overflow-wrap: anywhere; }
                @media (prefers-color-scheme: dark) {
                  body { background: #14141c; color: #ececf4; } .card { background: #1f1f2b; }
                  .brand { color: #a5a0ff; } .small { color: #a8a8ba; }
                }
                </style></head>
                <body><div class="card">
                <p class="brand">Parley</p>
                <p><strong>%2$s</strong> invites you to join <strong>%3$s</strong> as %4$s.</p>
                <p><a class="button" href="%5$s">Accept the invitation</a></p>
                <p class="small">Or open this address: %5$s</p>
                <p class="small">The link is for %6$s alone and works until %7$s. If you do not know %2$s, ignore this
                mail: nothing happens without you.</p>
                </div></body></html>
                """.formatted(
                        escaped(subject),
                        escaped(inviter),
                        escaped(organization),
                        as,
                        escaped(link.toString()),
                        escaped(to),
                        DAY.format(expiresAt));
        return new Mail(to, subject, text, html);
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
