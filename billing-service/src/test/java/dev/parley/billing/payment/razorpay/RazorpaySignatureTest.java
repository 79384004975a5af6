package dev.parley.billing.payment.razorpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.razorpay.RazorpayException;
import com.razorpay.Utils;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector of integrations.md, and 20,000 cases that Razorpay's library judges too. */
class RazorpaySignatureTest {
    private static final int CASES = 10_000;
    private static final String KNOWN_BODY =
            "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\",\"note\":\"naïve ✓ 100 €\"}}}";
    private static final String KNOWN_SIGNATURE = "5556a0a5ed4bd5bed3a0dd6165676e91cdb851fee09368b2799e55c0904d8c42";
    private static final String CURRENT = "rzp_current";
    private static final String PREVIOUS = "rzp_previous";
    private static final List<String> SECRETS = List.of(CURRENT, PREVIOUS);

    @Test
    void theKnownAnswerIsAcceptedAndEveryFlippedByteIsRefused() {
        RazorpaySignature signature = new RazorpaySignature(List.of("rzsecret"));
        byte[] body = KNOWN_BODY.getBytes(StandardCharsets.UTF_8);

        assertThat(signature.isOf(body, KNOWN_SIGNATURE)).isTrue();
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 1;
            assertThat(signature.isOf(changed, KNOWN_SIGNATURE)).isFalse();
        }
        assertThat(signature.isOf(body, null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void anEmptySecretIsNotTaken(String secret) {
        assertThatThrownBy(() -> new RazorpaySignature(List.of(CURRENT, secret)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(library("{}", KNOWN_SIGNATURE, "")).isFalse();
    }

    /** Nothing differs: no time is signed, so there is none to disagree on. */
    @Test
    void weAcceptTheWebhooksThatRazorpaysLibraryAccepts() {
        Random random = new Random(20_261_121);
        RazorpaySignature ours = new RazorpaySignature(SECRETS);
        int accepted = 0;
        List<String> unexplained = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            String signed = text(random);
            String secret = secret(random);
            String signature = hash(signed, secret);
            String body = signed;
            String header = signature;
            switch (random.nextInt(12)) {
                case 0 -> body = changed(random, body);
                case 1, 2 -> header = damaged(random, header);
                case 3 -> header = hash(signed, "another");
                case 4 -> header = signature + "," + signature;
                default -> {}
            }
            boolean we = ours.isOf(body.getBytes(StandardCharsets.UTF_8), header);
            boolean they = library(body, header, CURRENT) || library(body, header, PREVIOUS);
            accepted += they ? 1 : 0;
            if (we != they) {
                unexplained.add(body + " / " + header);
            }
        }

        assertThat(unexplained).isEmpty();
        assertThat(accepted).isBetween(CASES / 4, CASES * 3 / 4);
    }

    @Test
    void weAcceptTheCheckoutsThatRazorpaysLibraryAccepts() {
        Random random = new Random(20_261_122);
        RazorpaySignature ours = new RazorpaySignature(List.of(CURRENT));
        int accepted = 0;
        List<String> unexplained = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            String payment = "pay_" + random.nextInt(1_000);
            String subscription = "sub_" + random.nextInt(1_000);
            String secret = random.nextInt(6) == 0 ? PREVIOUS : CURRENT;
            String signature =
                    switch (random.nextInt(12)) {
                        // As for an order: the other way round.
                        case 0 -> hash(subscription + "|" + payment, secret);
                        case 1 -> hash(payment + subscription, secret);
                        case 2 -> hash(payment + "|" + subscription + "|", secret);
                        case 3 -> damaged(random, hash(payment + "|" + subscription, secret));
                        default -> hash(payment + "|" + subscription, secret);
                    };
            switch (random.nextInt(12)) {
                case 0 -> payment = null;
                case 1 -> subscription = null;
                case 2 -> signature = null;
                case 3 -> subscription = changed(random, subscription);
                case 4 -> {
                    // The border between the two is moved.
                    payment = payment + "|" + subscription.charAt(0);
                    subscription = subscription.substring(1);
                }
                default -> {}
            }
            boolean we = ours.isOfCheckout(payment, subscription, signature);
            boolean they = libraryOfCheckout(payment, subscription, signature);
            accepted += they ? 1 : 0;
            if (we != they) {
                unexplained.add(payment + " / " + subscription + " / " + signature);
            }
        }

        assertThat(unexplained).isEmpty();
        assertThat(accepted).isBetween(CASES / 4, CASES * 3 / 4);
    }

    private static boolean library(String body, String signature, String secret) {
        try {
            return Utils.verifyWebhookSignature(body, signature, secret);
        } catch (RazorpayException | IllegalArgumentException refused) {
            return false;
        }
    }

    private static boolean libraryOfCheckout(String payment, String subscription, String signature) {
        try {
            return Utils.verifySubscription(
                    new JSONObject()
                            .put("razorpay_payment_id", payment)
                            .put("razorpay_subscription_id", subscription)
                            .put("razorpay_signature", signature),
                    CURRENT);
        } catch (RazorpayException | JSONException refused) {
            return false;
        }
    }

    private static String secret(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> PREVIOUS;
            case 2 -> CURRENT + " ";
            default -> CURRENT;
        };
    }

    private static String damaged(Random random, String signature) {
        return switch (random.nextInt(7)) {
            case 0 -> signature.toUpperCase(Locale.ROOT);
            case 1 -> " " + signature;
            case 2 -> signature + "\n";
            case 3 -> signature.substring(1);
            case 4 -> signature + "0";
            case 5 -> "";
            default -> flipped(random, signature);
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("{\"entity\":\"event\",\"note\":\"");
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> 0x20AC;
                        case 1 -> 0x1F600;
                        case 2 -> '\n';
                        default -> 32 + random.nextInt(90);
                    });
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
        char[] characters = text.toCharArray();
        characters[random.nextInt(text.length())] ^= (char) (1 << random.nextInt(7));
        return new String(characters);
    }

    private static String hash(String text, String secret) {
        try {
            return Utils.getHash(text, secret);
        } catch (RazorpayException e) {
            throw new IllegalStateException(e);
        }
    }
}
