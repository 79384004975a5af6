package dev.parley.channel.adapter.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.vendor.Secrets;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailSignatureTest {
    private static final int CASES = 10_000;
    private static final String KNOWN_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String KNOWN_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String KNOWN_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @ParameterizedTest
    @CsvSource({"0, true", "300, true", "301, false", "-300, true", "-301, false"})
    void theKnownAnswerIsAcceptedForFiveMinutes(int secondsLater, boolean accepted) {
        EmailSignature signatures = at(1614265330 + secondsLater);

        assertThat(signatures.standard(call("1614265330", KNOWN_SIGNATURE, "{\"test\": 2432232314}"), KNOWN_SECRET))
                .isEqualTo(accepted);
        assertThat(signatures.standard(call("1614265330", KNOWN_SIGNATURE, "{\"test\": 2432232315}"), KNOWN_SECRET))
                .isFalse();
    }

    @Test
    void tenThousandCasesAgreeWithTheLibraryOfStandardWebhooks() throws Exception {
        Random random = new Random(3);
        EmailSignature signatures = new EmailSignature(Clock.systemUTC());
        int differences = 0;
        int valid = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] key = new byte[24 + random.nextInt(40)];
            random.nextBytes(key);
            String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
            String body = text(random, 300);
            long now = Instant.now().getEpochSecond();
            String signature = new Webhook(secret).sign(KNOWN_ID, now, body);
            switch (i % 8) {
                case 1 -> body = body + "x";
                case 3 -> signature = signature.substring(0, 10) + "A" + signature.substring(11);
                case 5 -> signature = "v1,AAAA " + signature;
                case 7 -> now = now - 301;
                default -> {
                    // as it was signed
                }
            }
            boolean theirs = taken(secret, body, now, signature);
            boolean ours = signatures.standard(call(Long.toString(now), signature, body), secret);
            differences += ours == theirs ? 0 : 1;
            valid += theirs ? 1 : 0;
        }
        assertThat(differences).isZero();
        assertThat(valid).isBetween(CASES / 2, CASES * 3 / 4);
    }

    @Test
    void mailgunsTokenIsSignedByItsFormula() {
        EmailSignature signatures = at(1_700_000_000);
        String signature = HexFormat.of()
                .formatHex(Secrets.hmac("HmacSHA256", "key", "1700000000token".getBytes(StandardCharsets.UTF_8)));

        assertThat(signatures.mailgun("1700000000", "token", signature, "key")).isTrue();
        assertThat(signatures.mailgun("1700000000", "token", signature, "other"))
                .isFalse();
        assertThat(signatures.mailgun("1700000000", "tokem", signature, "key")).isFalse();
        assertThat(signatures.mailgun("1700000001", "token", signature, "key")).isFalse();
        assertThat(at(1_700_000_301).mailgun("1700000000", "token", signature, "key"))
                .isFalse();
        assertThat(signatures.mailgun(null, "token", signature, "key")).isFalse();
        assertThat(signatures.mailgun("1700000000", "token", null, "key")).isFalse();
        assertThat(signatures.mailgun("1700000000", "token", signature, null)).isFalse();
    }

    @Test
    void withoutASecretOrASignatureNothingIsAccepted() {
        EmailSignature signatures = at(1614265330);
        InboundCall known = call("1614265330", KNOWN_SIGNATURE, "{\"test\": 2432232314}");

        for (String secret : new String[] {null, "", "whsec_", "whsec_%%%", KNOWN_SECRET.substring(6)}) {
            assertThat(signatures.standard(known, secret)).isFalse();
        }
        assertThat(signatures.standard(call("1614265330", null, "x"), KNOWN_SECRET))
                .isFalse();
        assertThat(signatures.standard(call(null, KNOWN_SIGNATURE, "x"), KNOWN_SECRET))
                .isFalse();
        assertThat(signatures.standard(call("soon", KNOWN_SIGNATURE, "x"), KNOWN_SECRET))
                .isFalse();
    }

    private static EmailSignature at(long second) {
        return new EmailSignature(Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC));
    }

    private static boolean taken(String secret, String body, long timestamp, String signature) {
        try {
            new Webhook(secret)
                    .verify(
                            body,
                            HttpHeaders.of(
                                    Map.of(
                                            "webhook-id", List.of(KNOWN_ID),
                                            "webhook-timestamp", List.of(Long.toString(timestamp)),
                                            "webhook-signature", List.of(signature)),
                                    (name, value) -> true));
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    private static InboundCall call(String timestamp, String signature, String body) {
        Map<String, String> headers = new HashMap<>(Map.of("webhook-id", KNOWN_ID));
        if (timestamp != null) {
            headers.put("webhook-timestamp", timestamp);
        }
        if (signature != null) {
            headers.put("webhook-signature", signature);
        }
        return new InboundCall(
                "POST", "", "https://x.example/", Map.of(), headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Random random, int longest) {
        return random.ints(1 + random.nextInt(longest), 0x20, 0x2fff)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
