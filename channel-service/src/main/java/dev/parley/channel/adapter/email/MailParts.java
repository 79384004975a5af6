package dev.parley.channel.adapter.email;

import dev.parley.channel.adapter.MediaContent;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is in a mail.
 *
 * @param words what was written, without quotations
 * @param marks of what stands beside the words, such as {@code document bill.pdf}
 * @param files what came with it, pictures within the words too
 */
record MailParts(String words, List<String> marks, List<MediaContent> files) {
    private static final int DEEPEST = 20;
    private static final int MOST_PARTS = 200;
    private static final int MOST_FILES = 20;
    /** Of each form, in characters; much more than is kept of a message. */
    private static final int LONGEST_TEXT = 256 * 1024;
    /** More than that are not taken apart: a multipart is, as a whole, before anybody can count its parts. */
    private static final int MOST_BOUNDARIES = 2_000;

    /** What can be read of a mail; the rest is left out. */
    static MailParts of(Part mail) {
        Reading reading = new Reading();
        reading.part(mail, 0);
        String words = reading.plain.toString().isBlank()
                ? MailText.ofHtml(reading.html.toString())
                : MailText.written(reading.plain.toString());
        return new MailParts(words, List.copyOf(reading.marks), List.copyOf(reading.files));
    }

    /**
     * Sees that a multipart has not so many parts that taking it apart would need much memory.
     *
     * @throws IllegalArgumentException when more lines begin as a boundary does
     */
    static void demandFew(byte[] multipart) {
        int boundaries = 0;
        for (int i = 0; i + 1 < multipart.length; i++) {
            if (multipart[i] == '-'
                    && multipart[i + 1] == '-'
                    && (i == 0 || multipart[i - 1] == '\n' || multipart[i - 1] == '\r')
                    && ++boundaries > MOST_BOUNDARIES) {
                throw new IllegalArgumentException("too many parts");
            }
        }
    }

    private static final class Reading {
        private final StringBuilder plain = new StringBuilder();
        private final StringBuilder html = new StringBuilder();
        private final List<String> marks = new ArrayList<>();
        private final List<MediaContent> files = new ArrayList<>();
        private int parts;

        void part(Part part, int depth) {
            if (depth > DEEPEST || ++parts > MOST_PARTS) {
                return;
            }
            try {
                read(part, depth);
            } catch (MessagingException | IOException unreadable) {
                marks.add("something that cannot be read");
            }
        }

        private void read(Part part, int depth) throws MessagingException, IOException {
            String name = name(part);
            if (Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || name != null) {
                file(part, name);
            } else if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart several) {
                for (int i = 0; i < several.getCount(); i++) {
                    BodyPart each = several.getBodyPart(i);
                    part(each, depth + 1);
                }
            } else if (part.isMimeType("text/plain")) {
                plain.append(decoded(part, plain.length())).append('\n');
            } else if (part.isMimeType("text/html")) {
                html.append(decoded(part, html.length())).append('\n');
            } else if (part.isMimeType("message/rfc822")) {
                marks.add("a forwarded mail");
            } else if (!part.isMimeType("multipart/*")) {
                file(part, null);
            }
        }

        /** A picture that the words show where it stands, such as that of a signature, is no word of its own. */
        private void file(Part part, @Nullable String name) throws MessagingException, IOException {
            boolean shown = part.isMimeType("image/*")
                    && part.getHeader("Content-ID") != null
                    && !Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition());
            if (!shown) {
                marks.add(kind(part) + (name == null ? "" : " " + name));
            }
            if (files.size() == MOST_FILES) {
                return;
            }
            try (var in = part.getInputStream()) {
                byte[] bytes = in.readAllBytes();
                if (bytes.length > 0) {
                    files.add(new MediaContent(name, bytes));
                }
            }
        }

        /** In the charset that the part names, or in one that takes everything. */
        private static String decoded(Part part, int before) throws MessagingException, IOException {
            try (var in = part.getInputStream()) {
                return new String(in.readNBytes(Math.max(0, LONGEST_TEXT - before)), charset(part.getContentType()));
            }
        }

        private static Charset charset(String contentType) {
            try {
                String written = new ContentType(contentType).getParameter("charset");
                return written == null ? StandardCharsets.UTF_8 : Charset.forName(MimeUtility.javaCharset(written));
            } catch (ParseException | IllegalArgumentException unknown) {
                return StandardCharsets.UTF_8;
            }
        }

        private static @Nullable String name(Part part) throws MessagingException {
            String written = part.getFileName();
            if (written == null) {
                return null;
            }
            try {
                return MimeUtility.decodeText(written)
                        .replaceAll("[\\p{Cntrl}\\[\\]]", " ")
                        .strip();
            } catch (UnsupportedEncodingException unknown) {
                return written;
            }
        }

        private static String kind(Part part) throws MessagingException {
            String family = part.getContentType().toLowerCase(Locale.ROOT).split("/", 2)[0];
            return switch (family) {
                case "image", "audio", "video" -> family;
                default -> "document";
            };
        }
    }
}
