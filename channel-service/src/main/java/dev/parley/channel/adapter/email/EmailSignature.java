package dev.parley.channel.adapter.email;

import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.vendor.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who brought a mail: a program of the tenant, which signs as Standard Webhooks says, or Mailgun. The library of Standard
 * Webhooks takes texts only, and a mail is bytes; it judges this class in its test.
 */
final class EmailSignature {
    private static final String PREFIX = "whsec_";
    private static final long TOLERANCE_SECONDS = 300;
    private static final int MOST_SIGNATURES = 10;

    private final Clock clock;

    EmailSignature(Clock clock) {
        this.clock = clock;
    }

    /** Whether the headers sign that body with that secret, not longer than five minutes ago. */
    boolean standard(InboundCall call, @Nullable String secret) {
        String id = call.header("webhook-id");
        String timestamp = call.header("webhook-timestamp");
        String given = call.header("webhook-signature");
        byte[] key = key(secret);
        if (id == null || given == null || key == null || !isRecent(timestamp)) {
            return false;
        }
        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[start.length + call.body().length];
        System.arraycopy(start, 0, signed, 0, start.length);
        System.arraycopy(call.body(), 0, signed, start.length, call.body().length);
        String expected = "v1," + Base64.getEncoder().encodeToString(Secrets.hmac("HmacSHA256", key, signed));
        boolean valid = false;
        for (String each : given.split(" ", MOST_SIGNATURES)) {
            valid |= Secrets.same(each, expected);
        }
        return valid;
    }

    /** Whether Mailgun signed its token of now; what it brings is not part of what it signs. */
    boolean mailgun(
            @Nullable String timestamp, @Nullable String token, @Nullable String signature, @Nullable String key) {
        if (token == null || key == null || key.isEmpty() || !isRecent(timestamp)) {
            return false;
        }
        byte[] signed = (timestamp + token).getBytes(StandardCharsets.UTF_8);
        return Secrets.same(signature, HexFormat.of().formatHex(Secrets.hmac("HmacSHA256", key, signed)));
    }

    private boolean isRecent(@Nullable String timestamp) {
        if (timestamp == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        return Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp)) <= TOLERANCE_SECONDS;
    }

    private static byte @Nullable [] key(@Nullable String secret) {
        if (secret == null || !secret.startsWith(PREFIX)) {
            return null;
        }
        try {
            byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            return key.length == 0 ? null : key;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
