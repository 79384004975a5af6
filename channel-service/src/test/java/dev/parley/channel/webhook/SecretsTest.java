package dev.parley.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Signatures, judged by the libraries that partners use. */
class SecretsTest {
    private static final int CASES = 10_000;

    @Test
    void theKnownAnswerOfTheSpecification() {
        Webhook secret = Secrets.signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(Secrets.signature(
                        List.of(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /** The digest is what e2e-tests/judges/webhooks.mjs prints, where npm's standardwebhooks and svix sign the same. */
    @Test
    void tenThousandWebhooksAreSignedAsTheLibrariesOfNpmSignThem() throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < CASES; i++) {
            byte[] seed = digest("parley " + i);
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < (seed[4] & 0xff) % 8; part++) {
                for (byte each : digest("parley " + i + " " + part)) {
                    int value = each & 0xff;
                    text.appendCodePoint(
                            switch (value % 4) {
                                case 0 -> 0x20 + value % 95;
                                case 1 -> 0x900 + value;
                                case 2 -> 0x1f300 + value;
                                default -> value % 32;
                            });
                }
            }
            String signature = Secrets.signature(
                    List.of(Secrets.signer("whsec_" + Base64.getEncoder().encodeToString(seed))),
                    "msg_" + HexFormat.of().formatHex(seed).substring(0, 24),
                    1_600_000_000 + Integer.toUnsignedLong(ByteBuffer.wrap(seed).getInt()) % 400_000_000,
                    text.toString());
            all.update(signature.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(HexFormat.of().formatHex(all.digest()))
                .isEqualTo("dff0928b15f6f1b5c7b4b011e75928519a2a91c9a34a8fa519e12dfe446a56fd");
    }

    private static byte[] digest(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bothLibrariesTakeEverySignatureAndNoChangedOne() {
        Random random = new Random(20261121);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            String secret = Secrets.fresh();
            String id = new UUID(random.nextLong(), random.nextLong()).toString();
            long now = Instant.now().getEpochSecond();
            String payload = payload(random);
            String signature = Secrets.signature(List.of(Secrets.signer(secret)), id, now, payload);
            HttpHeaders headers = headers(id, now, signature);
            if (!standard(secret, payload, headers) || !svix(secret, payload, headers)) {
                differences.add("not taken: " + payload);
            }
            HttpHeaders other = headers(id, now, changed(signature, random));
            if (standard(secret, payload, other) || svix(secret, payload, other)) {
                differences.add("taken though changed: " + signature);
            }
            String foreign = Secrets.fresh();
            if (standard(foreign, payload, headers) || svix(foreign, payload, headers)) {
                differences.add("taken with another's secret");
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void duringARotationBothSecretsVerifyTheOneHeader() {
        String current = Secrets.fresh();
        String previous = Secrets.fresh();
        Instant now = Instant.now();
        Target target = new Target(
                2, "https://hooks.example.com/", false, 8, Secrets.signer(current), Secrets.signer(previous), now);

        List<Webhook> before = target.secrets(now.minusMillis(1));
        List<Webhook> after = target.secrets(now);

        HttpHeaders both =
                headers("one", now.getEpochSecond(), Secrets.signature(before, "one", now.getEpochSecond(), "{}"));
        assertThat(before).hasSize(2);
        for (String secret : List.of(current, previous)) {
            assertThatCode(() -> new Webhook(secret).verify("{}", both)).doesNotThrowAnyException();
            assertThatCode(() -> new com.svix.Webhook(secret).verify("{}", both))
                    .doesNotThrowAnyException();
        }
        HttpHeaders one =
                headers("one", now.getEpochSecond(), Secrets.signature(after, "one", now.getEpochSecond(), "{}"));
        assertThat(standard(current, "{}", one)).isTrue();
        assertThat(standard(previous, "{}", one)).isFalse();
    }

    @Test
    void secretsAreLongAndNeverTheSame() {
        assertThat(Secrets.fresh()).matches("whsec_[A-Za-z0-9+/]{43}=").isNotEqualTo(Secrets.fresh());
    }

    private static boolean standard(String secret, String payload, HttpHeaders headers) {
        try {
            new Webhook(secret).verify(payload, headers);
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    private static boolean svix(String secret, String payload, HttpHeaders headers) {
        try {
            new com.svix.Webhook(secret).verify(payload, headers);
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    private static HttpHeaders headers(String id, long timestamp, String signature) {
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(Long.toString(timestamp)),
                        "webhook-signature", List.of(signature)),
                (name, value) -> true);
    }

    private static String changed(String signature, Random random) {
        int at = 3 + random.nextInt(40);
        char other = signature.charAt(at) == 'A' ? 'B' : 'A';
        return signature.substring(0, at) + other + signature.substring(at + 1);
    }

    /** Texts of many scripts, with everything that formats and separators could stumble over. */
    private static String payload(Random random) {
        StringBuilder text = new StringBuilder("{\"text\":\"");
        int length = random.nextInt(200);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) (' ' + random.nextInt(95)));
                case 1 -> text.append("%s %d $1 . , \\n ");
                case 2 -> text.appendCodePoint(0x1f300 + random.nextInt(300));
                case 3 -> text.append((char) (0x590 + random.nextInt(200)));
                case 4 -> text.append('\n').append('\u0000');
                default -> text.append((char) (0x900 + random.nextInt(100)));
            }
        }
        return text.append("\"}").toString();
    }
}
