package dev.parley.channel.adapter.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.adapter.InboundCall;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TelegramSecretTest {
    private static final int CASES = 10_000;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private final TelegramAdapter adapter =
            new TelegramAdapter(null, AdapterSettings.of(TelegramConfig.class), new ObjectMapper(), Clock.systemUTC());

    /** Telegram repeats the secret; its libraries, such as grammY, compare the texts. */
    @Test
    void tenThousandCasesAgreeWithTheComparisonOfTexts() {
        Random random = new Random(5);
        int differences = 0;
        int valid = 0;
        for (int i = 0; i < CASES; i++) {
            String secret = secret(random);
            String given =
                    switch (i % 8) {
                        case 1 -> secret + "x";
                        case 3 -> secret.substring(1);
                        case 5 -> secret(random);
                        case 7 -> changed(secret, random);
                        default -> secret;
                    };
            boolean theirs = given.equals(secret);
            differences += verify(given, secret) == theirs ? 0 : 1;
            valid += theirs ? 1 : 0;
        }
        assertThat(differences).isZero();
        assertThat(valid).isBetween(CASES / 2, CASES / 2 + CASES / 100);
    }

    @Test
    void withoutASecretNothingIsAccepted() {
        assertThat(verify(null, "s")).isFalse();
        assertThat(verify("", "s")).isFalse();
        assertThat(adapter.verify(call(null), Map.of())).isFalse();
    }

    private boolean verify(String given, String secret) {
        return adapter.verify(call(given), Map.of("secret_token", secret));
    }

    private static InboundCall call(String given) {
        return new InboundCall(
                "POST",
                "",
                "https://x.example/",
                Map.of(),
                given == null ? Map.of() : Map.of("x-telegram-bot-api-secret-token", given),
                new byte[0]);
    }

    private static String secret(Random random) {
        StringBuilder secret = new StringBuilder();
        for (int length = 1 + random.nextInt(256); length > 0; length--) {
            secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return secret.toString();
    }

    private static String changed(String secret, Random random) {
        int at = random.nextInt(secret.length());
        char other = secret.charAt(at) == 'A' ? 'B' : 'A';
        return secret.substring(0, at) + other + secret.substring(at + 1);
    }
}
