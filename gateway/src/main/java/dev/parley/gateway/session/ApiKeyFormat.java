package dev.parley.gateway.session;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The form of an API key: {@code pk_live_}, 32 random characters, and 6 characters of base62 CRC-32 over what precedes
 * them. A mistyped or invented key is refused without asking anyone.
 */
final class ApiKeyFormat {
    static final String PREFIX = "pk_";

    private static final String HEAD = "pk_live_";
    private static final int RANDOM = 32;
    private static final int CHECK = 6;
    private static final int LENGTH = HEAD.length() + RANDOM + CHECK;
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private ApiKeyFormat() {}

    static boolean valid(String key) {
        if (key.length() != LENGTH || !key.startsWith(HEAD)) {
            return false;
        }
        for (int i = HEAD.length(); i < LENGTH; i++) {
            if (BASE62.indexOf(key.charAt(i)) < 0) {
                return false;
            }
        }
        return key.endsWith(checksum(key.substring(0, LENGTH - CHECK)));
    }

    static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        char[] digits = new char[CHECK];
        long rest = crc.getValue();
        for (int i = CHECK - 1; i >= 0; i--) {
            digits[i] = BASE62.charAt((int) (rest % 62));
            rest /= 62;
        }
        return new String(digits);
    }
}
