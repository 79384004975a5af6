package dev.parley.channel.adapter.email;

import dev.parley.channel.adapter.InboundCall;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.ContentDisposition;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A form as Mailgun posts it, with the whole mail in one of its members. */
record EmailForm(Map<String, byte[]> members) {
    private static final int MOST_MEMBERS = 100;

    /**
     * Reads the body of a call.
     *
     * @throws IllegalArgumentException when it is no form
     */
    static EmailForm of(InboundCall call) {
        String type = call.header("content-type") == null ? "" : call.header("content-type");
        return type.startsWith("multipart/form-data") ? parts(call.body(), type) : pairs(call.body());
    }

    private static EmailForm pairs(byte[] body) {
        Map<String, byte[]> members = new HashMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", MOST_MEMBERS)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                members.putIfAbsent(
                        decoded(pair.substring(0, equals)),
                        decoded(pair.substring(equals + 1)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return new EmailForm(members);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static EmailForm parts(byte[] body, String type) {
        Map<String, byte[]> members = new HashMap<>();
        MailParts.demandFew(body);
        try {
            MimeMultipart form = new MimeMultipart(new ByteArrayDataSource(body, type));
            for (int i = 0; i < Math.min(MOST_MEMBERS, form.getCount()); i++) {
                BodyPart part = form.getBodyPart(i);
                String[] disposition = part.getHeader("Content-Disposition");
                String name = disposition == null ? null : new ContentDisposition(disposition[0]).getParameter("name");
                if (name != null) {
                    try (var in = part.getInputStream()) {
                        members.putIfAbsent(name, in.readAllBytes());
                    }
                }
            }
        } catch (MessagingException | IOException malformed) {
            throw new IllegalArgumentException("not a form", malformed);
        }
        return new EmailForm(members);
    }

    @Nullable
    String text(String name) {
        byte[] value = members.get(name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    byte @Nullable [] bytes(String name) {
        return members.get(name);
    }
}
