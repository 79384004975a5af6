package dev.parley.billing.payment.razorpay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Razorpay's one kind of signature: HMAC-SHA256 in lower-case hexadecimal digits. It covers no time, so a webhook may be
 * replayed for ever: what stops a replay is that its event is known, and that an event only says where to look.
 */
final class RazorpaySignature {
    private final List<byte[]> secrets;

    /**
     * Signatures by any of these secrets are good.
     *
     * @throws IllegalArgumentException when one is empty: it would let everybody sign
     */
    RazorpaySignature(List<String> secrets) {
        if (secrets.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a secret of Razorpay is empty");
        }
        this.secrets = secrets.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Whether a webhook's body was signed. */
    boolean isOf(byte[] body, @Nullable String signature) {
        if (signature == null) {
            return false;
        }
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        boolean good = false;
        for (byte[] secret : secrets) {
            good |= MessageDigest.isEqual(hex(body, secret), given);
        }
        return good;
    }

    /** Whether a checkout's answer was signed: for a subscription the payment comes first, unlike for an order. */
    boolean isOfCheckout(@Nullable String paymentId, @Nullable String subscriptionId, @Nullable String signature) {
        return paymentId != null
                && subscriptionId != null
                && isOf((paymentId + "|" + subscriptionId).getBytes(StandardCharsets.UTF_8), signature);
    }

    /** Signs a text of our own with the first secret. */
    String sign(String text) {
        return new String(hex(text.getBytes(StandardCharsets.UTF_8), secrets.getFirst()), StandardCharsets.US_ASCII);
    }

    private static byte[] hex(byte[] text, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text)).getBytes(StandardCharsets.US_ASCII);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
