package dev.parley.gateway;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.zip.CRC32;

/** Makes credentials of the right form, each used once. */
public final class Keys {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    /** An API key whose checksum is right. */
    public static String apiKey() {
        String head = "pk_live_" + random(32);
        var crc = new CRC32();
        crc.update(head.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        String check = "";
        for (int i = 0; i < 6; i++) {
            check = BASE62.charAt((int) (rest % 62)) + check;
            rest /= 62;
        }
        return head + check;
    }

    /** Three base64url parts, the middle one JSON with this session id. */
    public static String jwt(String sid, long expiresAtSeconds) {
        String claims = "{\"sid\":\"" + sid + "\",\"exp\":" + expiresAtSeconds + ",\"jti\":\"" + random(8) + "\"}";
        return base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + "." + random(40);
    }

    /** The value of a session cookie. */
    public static String session() {
        return random(43);
    }

    private static String random(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(BASE62.charAt(RANDOM.nextInt(62)));
        }
        return text.toString();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
