package dev.parley.channel.adapter.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.InboundCall;
import dev.parley.channel.adapter.WebhookReply;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatsAppSignatureTest {
    private static final String URL = "https://parley.example/webhooks/whatsapp/1";
    private static final int CASES = 10_000;

    private final WhatsAppAdapter adapter =
            new WhatsAppAdapter(null, AdapterSettings.of(WhatsAppConfig.class), new ObjectMapper(), Clock.systemUTC());

    @Test
    void theKnownAnswerIsAccepted() {
        byte[] body =
                "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\",\"note\":\"naïve ✓ 100 €\"}}}"
                        .getBytes(StandardCharsets.UTF_8);
        String signature = "sha256=fb4403c366f1fe973d51c0f2dcea64ca8d7721cb8a982612103b447c0cd2d7ef";

        assertThat(verify(body, signature, "appsecret")).isTrue();
        assertThat(verify(body, signature.toUpperCase(), "appsecret")).isFalse();
        assertThat(verify(body, signature.substring(7), "appsecret")).isFalse();
        assertThat(verify(body, signature, "appsecret2")).isFalse();
        body[5]++;
        assertThat(verify(body, signature, "appsecret")).isFalse();
    }

    @Test
    void tenThousandCasesAgreeWithTheDocumentedFormula() throws Exception {
        Random random = new Random(11);
        int differences = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] body = new byte[random.nextInt(2_000)];
            random.nextBytes(body);
            String secret = secret(random);
            String signature = documented(secret, body);
            boolean broken = i % 2 == 1;
            if (broken) {
                switch (i % 8) {
                    case 1 -> secret = secret + "x";
                    case 3 -> signature = documented(secret(random), body);
                    case 5 -> body = java.util.Arrays.copyOf(body, body.length + 1);
                    default -> signature = flipped(signature, random);
                }
            }
            differences += verify(body, signature, secret) == broken ? 1 : 0;
        }
        assertThat(differences).isZero();
    }

    @Test
    void withoutASignatureNothingIsAccepted() {
        assertThat(verify(new byte[0], null, "appsecret")).isFalse();
        assertThat(verify(new byte[0], "", "appsecret")).isFalse();
        assertThat(verify(new byte[0], "sha256=", "appsecret")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "subscribe, token, 1158201444, 200",
        "subscribe, tokem, 1158201444, 403",
        "subscribe, '', 1158201444, 403",
        "subscribe, token, , 403",
        "unsubscribe, token, 1158201444, 403",
        ", token, 1158201444, 403",
        "subscribe, , 1158201444, 403"
    })
    void theHandshakeEchoesTheChallengeToWhoKnowsTheToken(String mode, String token, String challenge, int status) {
        Map<String, List<String>> query = new java.util.HashMap<>();
        put(query, "hub.mode", mode);
        put(query, "hub.verify_token", token);
        put(query, "hub.challenge", challenge);

        Optional<WebhookReply> reply = adapter.handshake(
                new InboundCall("GET", "", URL, query, Map.of(), new byte[0]), Map.of("verify_token", "token"));

        assertThat(reply.orElseThrow().status()).isEqualTo(status);
        assertThat(reply.orElseThrow().body()).isEqualTo(status == 200 ? challenge : null);
    }

    @Test
    void aPostIsNoHandshake() {
        assertThat(adapter.handshake(
                        new InboundCall("POST", "", URL, Map.of(), Map.of(), new byte[0]),
                        Map.of("verify_token", "token")))
                .isEmpty();
    }

    private boolean verify(byte[] body, String signature, String secret) {
        Map<String, String> headers = signature == null ? Map.of() : Map.of("x-hub-signature-256", signature);
        return adapter.verify(new InboundCall("POST", "", URL, Map.of(), headers, body), Map.of("app_secret", secret));
    }

    private static void put(Map<String, List<String>> query, String name, String value) {
        if (value != null) {
            query.put(name, List.of(value));
        }
    }

    private static String documented(String secret, byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        StringBuilder hex = new StringBuilder("sha256=");
        for (byte each : mac.doFinal(body)) {
            hex.append(String.format("%02x", each));
        }
        return hex.toString();
    }

    private static String secret(Random random) {
        StringBuilder secret = new StringBuilder();
        for (int length = 1 + random.nextInt(64); length > 0; length--) {
            secret.append((char) (0x21 + random.nextInt(0x5e)));
        }
        return secret.toString();
    }

    private static String flipped(String signature, Random random) {
        int at = 7 + random.nextInt(signature.length() - 7);
        char other = signature.charAt(at) == '0' ? '1' : '0';
        return signature.substring(0, at) + other + signature.substring(at + 1);
    }
}
