package dev.parley.simulators.mail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * One mail that came in.
 *
 * @param from the sender of the SMTP envelope
 * @param to the recipient of the SMTP envelope; a mail to two people is two of these
 * @param text the plain part, or empty
 * @param html the HTML part, or empty
 * @param raw as it came
 */
record Mail(
        long id,
        String from,
        String to,
        String subject,
        String text,
        String html,
        List<Attachment> attachments,
        Instant receivedAt,
        byte[] raw) {

    /** A file that came with it. */
    record Attachment(String name, String type, byte[] content) {
        private JsonObject json() {
            return new JsonObject().put("name", name).put("type", type).put("content", content);
        }
    }

    private static final Session NO_SESSION = Session.getInstance(new Properties());

    /**
     * Reads what came over SMTP.
     *
     * @throws IllegalArgumentException when it is no MIME message
     */
    static Mail parse(long id, String from, String to, byte[] data, Instant receivedAt) {
        try {
            MimeMessage message = new MimeMessage(NO_SESSION, new ByteArrayInputStream(data));
            StringBuilder text = new StringBuilder();
            StringBuilder html = new StringBuilder();
            List<Attachment> attachments = new ArrayList<>();
            collect(message, text, html, attachments);
            String subject = message.getSubject();
            return new Mail(
                    id,
                    from,
                    to,
                    subject == null ? "" : subject,
                    text.toString(),
                    html.toString(),
                    List.copyOf(attachments),
                    receivedAt,
                    data);
        } catch (MessagingException | IOException unreadable) {
            throw new IllegalArgumentException("This is no MIME message: " + unreadable.getMessage(), unreadable);
        }
    }

    private static void collect(Part part, StringBuilder text, StringBuilder html, List<Attachment> attachments)
            throws MessagingException, IOException {
        if (part.getContent() instanceof Multipart multipart) {
            for (int i = 0; i < multipart.getCount(); i++) {
                BodyPart each = multipart.getBodyPart(i);
                if (Part.ATTACHMENT.equalsIgnoreCase(each.getDisposition())) {
                    attachments.add(new Attachment(
                            String.valueOf(each.getFileName()),
                            each.getContentType().split(";", 2)[0],
                            each.getInputStream().readAllBytes()));
                } else {
                    collect(each, text, html, attachments);
                }
            }
        } else if (part.getContent() instanceof String content) {
            (part.isMimeType("text/html") ? html : text).append(content);
        }
    }

    boolean isTo(String address) {
        return to.toLowerCase(Locale.ROOT).equals(address.toLowerCase(Locale.ROOT));
    }

    JsonObject json() {
        return new JsonObject()
                .put("id", id)
                .put("from", from)
                .put("to", new JsonArray(List.of(to)))
                .put("subject", subject)
                .put("text", text)
                .put("html", html)
                .put(
                        "attachments",
                        new JsonArray(attachments.stream().map(Attachment::json).toList()))
                .put("received_at", receivedAt.toString());
    }
}
