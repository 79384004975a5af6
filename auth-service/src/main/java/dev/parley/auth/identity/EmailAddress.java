package dev.parley.auth.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** An e-mail address in the one form in which it is compared and stored: trimmed and in lower case. */
public record EmailAddress(String value) {
    private static final Pattern SYNTAX =
            Pattern.compile("[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                    + "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int LONGEST = 254;
    private static final int LONGEST_LOCAL_PART = 64;

    /** Reads an address as typed by a person; empty when it is not one. */
    public static Optional<EmailAddress> parse(String text) {
        if (text == null || text.length() > LONGEST) {
            return Optional.empty();
        }
        String normal = text.strip().toLowerCase(Locale.ROOT);
        return normal.indexOf('@') <= LONGEST_LOCAL_PART
                        && SYNTAX.matcher(normal).matches()
                ? Optional.of(new EmailAddress(normal))
                : Optional.empty();
    }

    /** Reads an address that was validated before; throws {@link IllegalArgumentException} when it is not one. */
    public static EmailAddress of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not an e-mail address"));
    }

    /** The part before the @. */
    public String localPart() {
        return value.substring(0, value.indexOf('@'));
    }

    @Override
    public String toString() {
        return value;
    }
}
