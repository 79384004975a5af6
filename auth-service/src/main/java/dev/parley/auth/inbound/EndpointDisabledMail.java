package dev.parley.auth.inbound;

import dev.parley.platform.mail.Mail;

/** Writes the mail that tells an owner of a disabled endpoint; its address is data in it, never markup or a link. */
final class EndpointDisabledMail {
    private EndpointDisabledMail() {}

    static Mail write(String to, EndpointDisabled disabled) {
        String url = oneLine(disabled.url());
        String reason = oneLine(disabled.reason());
        String next = "Nothing is sent to it any more. What happens meanwhile is kept for 30 days: mend the endpoint, "
                + "enable it under Webhooks in the console, and replay what it missed.";
        String text = """
                Hello,

                Parley has disabled an endpoint of your webhooks:
                %s

                Reason: %s

                %s

                Parley
                """.formatted(url, reason, next);
        String html = """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
                <title>Webhooks</title></head><body style="font: 16px/1.5 system-ui, sans-serif">
                <p><strong>Parley</strong></p><p>Parley has disabled an endpoint of your webhooks:<br>%s</p>
                <p>Reason: %s</p><p>%s</p></body></html>
                """.formatted(escaped(url), escaped(reason), escaped(next));
        return new Mail(to, "An endpoint of your webhooks was disabled", text, html);
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
