package dev.parley.billing.payment.stripe;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import dev.parley.billing.payment.WebhookRefused;
import dev.parley.billing.payment.WebhookRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Stripe-Signature header with Stripe's library, and what the library leaves out: a time in the future is
 * refused like one in the past.
 */
final class StripeSignature {
    private final List<String> secrets;
    private final Duration tolerance;
    private final Clock clock;

    StripeSignature(List<String> secrets, Duration tolerance, Clock clock) {
        this.secrets = List.copyOf(secrets);
        this.tolerance = tolerance;
        this.clock = clock;
    }

    void verify(byte[] body, @Nullable String header) {
        if (header == null || secrets.stream().noneMatch(secret -> matches(body, header, secret))) {
            throw new WebhookRefused(Reason.BAD_SIGNATURE);
        }
        long age = clock.instant().getEpochSecond() - timestamp(header).orElseThrow();
        if (age > tolerance.toSeconds()) {
            throw new WebhookRefused(Reason.STALE);
        }
        if (-age > tolerance.toSeconds()) {
            throw new WebhookRefused(Reason.FUTURE);
        }
    }

    /** The library's own check of the time is off (tolerance 0), so that its reason can be told apart here. */
    private static boolean matches(byte[] body, String header, String secret) {
        try {
            return timestamp(header).isPresent()
                    && Webhook.Signature.verifyHeader(new String(body, StandardCharsets.UTF_8), header, secret, 0);
        } catch (SignatureVerificationException | IndexOutOfBoundsException refused) {
            // The library stumbles over an element without "=".
            return false;
        }
    }

    /** The first t= element, as the library reads it; empty when it is not a number above zero. */
    private static OptionalLong timestamp(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(item -> item.split("=", 2))
                .filter(item -> item[0].equals("t"))
                .mapToLong(item -> item.length == 2 ? number(item[1]) : 0)
                .limit(1)
                .filter(time -> time > 0)
                .findFirst();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }
}
