package dev.parley.channel.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Makes secrets and signs with them, as Standard Webhooks says. */
public final class Secrets {
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** A new secret, as its receiver configures it. */
    public static String fresh() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return PREFIX + Base64.getEncoder().encodeToString(secret);
    }

    /** What signs with a secret. */
    static Webhook signer(String secret) {
        return new Webhook(secret);
    }

    /**
     * The value of the header {@code webhook-signature}: one signature of each secret, the current one's first.
     *
     * @param timestamp seconds since 1970, as in {@code webhook-timestamp}
     */
    public static String signature(List<Webhook> secrets, String id, long timestamp, String payload) {
        return secrets.stream()
                .map(secret -> sign(secret, id, timestamp, payload))
                .collect(Collectors.joining(" "));
    }

    private static String sign(Webhook secret, String id, long timestamp, String payload) {
        try {
            return secret.sign(id, timestamp, payload);
        } catch (WebhookSigningException impossible) {
            throw new IllegalStateException("HMAC-SHA256 is missing", impossible);
        }
    }
}
