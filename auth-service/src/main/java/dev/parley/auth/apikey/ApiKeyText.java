package dev.parley.auth.apikey;

import dev.parley.auth.identity.SecretText;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of an API key: {@code pk_live_}, 32 random base62 characters (190 bits) and a CRC-32 in 6, so that a
 * mistyped or invented key is refused without asking the database, and scanners find leaked ones.
 */
record ApiKeyText(SecretText secret) {
    private static final String MARK = "pk_live_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_LENGTH = 32;
    private static final int CHECKSUM_LENGTH = 6;
    private static final int SHOWN_LENGTH = MARK.length() + 4;
    private static final Pattern SHAPE =
            Pattern.compile(MARK + "[0-9A-Za-z]{" + (RANDOM_LENGTH + CHECKSUM_LENGTH) + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new key. */
    static ApiKeyText create() {
        StringBuilder text = new StringBuilder(MARK);
        RANDOM.ints(RANDOM_LENGTH, 0, DIGITS.length()).forEach(digit -> text.append(DIGITS.charAt(digit)));
        return new ApiKeyText(new SecretText(text + checksum(text.toString())));
    }

    /** Reads a key; empty when its form or its checksum is wrong. */
    static Optional<ApiKeyText> parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        int end = text.length() - CHECKSUM_LENGTH;
        return checksum(text.substring(0, end)).equals(text.substring(end))
                ? Optional.of(new ApiKeyText(new SecretText(text)))
                : Optional.empty();
    }

    /** The beginning, by which people recognise the key; too short to help anyone guess it. */
    String prefix() {
        return secret.value().substring(0, SHOWN_LENGTH);
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
            rest /= DIGITS.length();
        }
        return digits.reverse().toString();
    }
}
