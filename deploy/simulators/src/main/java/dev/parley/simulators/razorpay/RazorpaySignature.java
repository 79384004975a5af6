package dev.parley.simulators.razorpay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Razorpay's one kind of signature: HMAC-SHA256 in hexadecimal digits. */
final class RazorpaySignature {

    private RazorpaySignature() {}

    static String of(byte[] text, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String of(String text, String secret) {
        return of(text.getBytes(StandardCharsets.UTF_8), secret);
    }
}
