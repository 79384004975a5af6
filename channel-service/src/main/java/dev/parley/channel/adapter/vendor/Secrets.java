package dev.parley.channel.adapter.vendor;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What adapters need to know that a call comes from whom it says. */
public final class Secrets {
    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** A new secret of 43 characters of A-Z, a-z, 0-9, _ and -. */
    public static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether two texts are the same; takes as long when they are not. Two nulls are not. */
    public static boolean same(@Nullable String given, @Nullable String expected) {
        return given != null
                && expected != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The keyed hash of a message.
     *
     * @param algorithm such as {@code HmacSHA256}
     * @param key not empty
     */
    public static byte[] hmac(String algorithm, String key, byte[] message) {
        return hmac(algorithm, key.getBytes(StandardCharsets.UTF_8), message);
    }

    /**
     * The keyed hash of a message.
     *
     * @param algorithm such as {@code HmacSHA256}
     * @param key not empty
     */
    public static byte[] hmac(String algorithm, byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(message);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + algorithm, impossible);
        }
    }
}
