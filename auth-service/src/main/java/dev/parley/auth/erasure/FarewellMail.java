package dev.parley.auth.erasure;

import dev.parley.platform.mail.Mail;
import java.net.URI;

/** Writes the mail that tells an owner where the certificate of the erasure will be. */
final class FarewellMail {
    private FarewellMail() {}

    static Mail write(String to, String organization, URI certificate) {
        String name = organization.replaceAll("\\p{Cntrl}+", " ").strip();
        String subject = name + " is being erased from Parley";
        String text = """
                Hello,

                everything that Parley holds of %s is being erased, at once and for good.

                When all parts of Parley have done it, the signed certificate stands here, for everybody who has
                this address; until then the page says who is still at it:
                %s

                Keep this mail: Parley has forgotten your address when you read it.

                Parley
                """.formatted(name, certificate);
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
                <p>Everything that Parley holds of <strong>%2$s</strong> is being erased, at once and for good.</p>
                <p><a class="button" href="%3$s">The certificate</a></p>
                <p class="small">Or open this address: %3$s</p>
                <p class="small">When all parts of Parley have done it, the signed certificate stands there, for
                everybody who has the address. Keep this mail: Parley has forgotten your address when you read it.</p>
                </div></body></html>
                """.formatted(escaped(subject), escaped(name), escaped(certificate.toString()));
        return new Mail(to, subject, text, html);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
