package dev.parley.platform.mail;

import java.util.regex.Pattern;

/**
 * A mail to one person.
 *
 * @param to the address
 * @param subject one line; line breaks and other control characters become blanks, so that no header can be smuggled in
 * @param text the mail for readers without HTML
 * @param html the same as HTML
 */
public record Mail(String to, String subject, String text, String html) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    /** Checks the address for line breaks and flattens the subject. */
    public Mail {
        if (CONTROL.matcher(to).find()) {
            throw new IllegalArgumentException("an address is one line");
        }
        subject = CONTROL.matcher(subject).replaceAll(" ").strip();
    }

    @Override
    public String toString() {
        return "Mail[…]";
    }
}
