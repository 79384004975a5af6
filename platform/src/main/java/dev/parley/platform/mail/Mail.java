package dev.parley.platform.mail;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A mail to one person.
 *
 * @param to the address
 * @param subject one line; line breaks and other control characters become blanks, so that no header can be smuggled in
 * @param text the mail for readers without HTML
 * @param html the same as HTML
 * @param attachments files that come with it; small ones, because a mail waits in the database
 */
public record Mail(String to, String subject, String text, String html, List<Attachment> attachments) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    /** Checks the address for line breaks and flattens the subject. */
    public Mail {
        if (CONTROL.matcher(to).find()) {
            throw new IllegalArgumentException("an address is one line");
        }
        attachments = List.copyOf(attachments);
        subject = CONTROL.matcher(subject).replaceAll(" ").strip();
    }

    /** A mail without attachments. */
    public Mail(String to, String subject, String text, String html) {
        this(to, subject, text, html, List.of());
    }

    /**
     * A file.
     *
     * @param name as the reader's program shows it, without a path
     * @param mediaType for example {@code application/pdf}
     */
    @RegisterForReflection
    public record Attachment(String name, String mediaType, byte[] content) {}

    @Override
    public String toString() {
        return "Mail[…]";
    }
}
