package dev.parley.auth.identity;

import dev.parley.platform.crypto.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret that somebody carries and of which only the SHA-256 is stored; it never shows itself in logs. */
public record SecretText(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    /** A new secret of 256 random bits in base64url. */
    public static SecretText random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SecretText(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What is stored instead of the secret. */
    public byte[] sha256() {
        return Sha256.of(value);
    }

    /** Whether this is the secret of that hash; takes the same time for every answer. */
    public boolean matches(byte[] storedSha256) {
        return MessageDigest.isEqual(sha256(), storedSha256);
    }

    @Override
    public String toString() {
        return "SecretText[…]";
    }
}
