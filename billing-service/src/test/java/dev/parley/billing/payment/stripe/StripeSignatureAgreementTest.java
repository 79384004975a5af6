package dev.parley.billing.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.parley.billing.payment.WebhookRefused;
import dev.parley.billing.payment.WebhookRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * 10,000 headers, good and damaged, judged by us and by Stripe's library with a tolerance of 300 s. The one intended
 * difference: the library takes any time in the future, we take 300 s of it.
 */
class StripeSignatureAgreementTest {
    private static final int CASES = 10_000;
    private static final long NOW = 1_700_000_000;
    private static final long TOLERANCE = 300;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    private static final String CURRENT = "whsec_current";
    private static final String PREVIOUS = "whsec_previous";
    private static final List<String> SECRETS = List.of(CURRENT, PREVIOUS);
    private static final StripeSignature OURS = new StripeSignature(SECRETS, Duration.ofSeconds(TOLERANCE), CLOCK);

    private record Case(String body, String header, long signedAt) {}

    @Test
    void weAcceptWhatStripesLibraryAcceptsExceptTheFuture() {
        Random random = new Random(20_261_121);
        int accepted = 0;
        int future = 0;
        List<Case> unexplained = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            Case given = generated(random);
            Reason refused = ours(given);
            boolean theirs = SECRETS.stream().anyMatch(secret -> library(given, secret));
            if (theirs == (refused == null)) {
                accepted += theirs ? 1 : 0;
            } else if (theirs && refused == Reason.FUTURE && given.signedAt() > NOW + TOLERANCE) {
                future++;
            } else {
                unexplained.add(given);
            }
        }

        assertThat(unexplained).isEmpty();
        assertThat(accepted).isBetween(CASES / 8, CASES * 4 / 5);
        assertThat(future).isBetween(CASES / 100, CASES / 4);
    }

    private static Reason ours(Case given) {
        try {
            OURS.verify(given.body().getBytes(StandardCharsets.UTF_8), given.header());
            return null;
        } catch (WebhookRefused refused) {
            return refused.reason();
        }
    }

    private static boolean library(Case given, String secret) {
        try {
            return Webhook.Signature.verifyHeader(given.body(), given.header(), secret, TOLERANCE, CLOCK);
        } catch (SignatureVerificationException | IndexOutOfBoundsException | NumberFormatException refused) {
            return false;
        }
    }

    private static Case generated(Random random) {
        String signed = text(random);
        long at = NOW + pick(random, 0L, 0L, 0L, 1L, -1L, -299L, -300L, -301L, 299L, 300L, 301L, 86_400L, -86_400L);
        String secret = pick(random, CURRENT, CURRENT, CURRENT, PREVIOUS, PREVIOUS, "whsec_of_another", " " + CURRENT);
        String v1 = hmac(secret, at + "." + signed);
        List<String> parts = new ArrayList<>(List.of("t=" + at, "v1=" + v1));
        String body = signed;
        switch (random.nextInt(24)) {
            case 0 -> parts.set(1, "v1=" + flipped(random, v1));
            case 1 -> body = changed(random, body);
            case 2 -> parts.set(1, "v1=" + v1.toUpperCase(Locale.ROOT));
            case 3 -> parts.set(1, "v1= " + v1);
            case 4 -> parts.set(1, " v1=" + v1);
            case 5 -> parts.set(0, "t=" + (at + pick(random, -1, 1, 1_000)));
            case 6 -> parts.set(0, pick(random, "t=", "t=x", "t", "t=-1", "t=+" + at, "t= " + at, "t=1e9", "T=" + at));
            case 7 -> parts.addFirst(pick(random, "t=x", "t=0", "t=" + (at + 1), "t=99999999999999999999"));
            case 8 -> parts.add(pick(random, "t=x", "t=0", "t=" + (at + 1)));
            case 9 -> parts.add(pick(random, "v1", "v1=", "v0=" + v1, "=", "", "v2=" + v1));
            case 10 -> parts.addFirst(pick(random, "v1", "v1=" + "0".repeat(64), "v0=1", "=", ""));
            case 11 -> parts.set(1, pick(random, "v0=" + v1, "V1=" + v1, "v1=" + v1.substring(1), "v1=" + v1 + "0"));
            case 12 -> parts.remove(random.nextInt(2));
            case 13 -> {
                // The header came twice, and the server joined it.
                parts.add("t=" + (at + random.nextInt(3)));
                parts.add("v1=" + hmac(pick(random, secret, "whsec_of_another"), at + "." + signed));
            }
            case 14, 15 -> Collections.shuffle(parts, random);
            default -> {}
        }
        return new Case(body, String.join(random.nextInt(30) == 0 ? ", " : ",", parts), at);
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... from) {
        return from[random.nextInt(from.length)];
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("{\"id\":\"evt_");
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    pick(random, (int) 'a', (int) '"', (int) '\n', 0x20AC, 0x1F600, 32 + random.nextInt(90)));
        }
        return text.append("\"}").toString();
    }

    private static String changed(Random random, String body) {
        return switch (random.nextInt(4)) {
            case 0 -> body + " ";
            case 1 -> " " + body;
            case 2 -> body.substring(1);
            default -> flipped(random, body);
        };
    }

    /** One bit of one character is another. */
    private static String flipped(Random random, String text) {
        int at = random.nextInt(text.length());
        char[] characters = text.toCharArray();
        characters[at] ^= (char) (1 << random.nextInt(7));
        return new String(characters);
    }

    private static String hmac(String secret, String text) {
        try {
            return Webhook.Util.computeHmacSha256(secret, text);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
