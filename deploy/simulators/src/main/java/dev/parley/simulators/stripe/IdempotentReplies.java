package dev.parley.simulators.stripe;

import dev.parley.simulators.exchange.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was answered to requests with an idempotency key, for a day; the last 2,000. */
final class IdempotentReplies {

    private static final int MOST = 2_000;
    private static final long LIFE_SECONDS = 86_400;

    private record Remembered(byte[] fingerprint, Reply reply, String requestId, long at) {}

    private final Map<String, Remembered> byKey = new LinkedHashMap<>();

    /** The same answer as before, or null when the key is new; refuses a key that was used for another request. */
    Reply replay(String key, byte[] fingerprint, long now) {
        Remembered remembered = byKey.get(key);
        if (remembered == null) {
            return null;
        }
        if (remembered.at() + LIFE_SECONDS < now) {
            byKey.remove(key);
            return null;
        }
        if (!Arrays.equals(remembered.fingerprint(), fingerprint)) {
            throw new StripeProblem(
                    400,
                    "idempotency_error",
                    null,
                    null,
                    null,
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                            + " Try using a key other than '" + key
                            + "' if you meant to execute a different request.");
        }
        return remembered.reply().with("Idempotent-Replayed", "true").with("Original-Request", remembered.requestId());
    }

    void remember(String key, byte[] fingerprint, Reply reply, String requestId, long now) {
        byKey.put(key, new Remembered(fingerprint, reply, requestId, now));
        if (byKey.size() > MOST) {
            byKey.remove(byKey.keySet().iterator().next());
        }
    }

    static byte[] fingerprint(String method, String path, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((method + " " + path + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
