package dev.parley.agent.provider.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Decides whether and when a provider is asked again. Pure: no clock, no waiting, no state. */
final class RetryPolicy {
    private final ProviderCallConfig.Retry config;

    RetryPolicy(ProviderCallConfig.Retry config) {
        this.config = config;
    }

    /** True for the answers after which asking again may help. */
    static boolean isRetryable(int status) {
        return status == 408 || status == 409 || status == 429 || status >= 500;
    }

    /**
     * The pause before the next attempt, or empty when there shall be none.
     *
     * @param retriesDone retries already made for this call
     * @param askedFor what the provider's retry-after asks for, if anything
     * @param remaining what is left of the call's deadline: a pause that does not fit means giving up now
     */
    Optional<Duration> pause(int retriesDone, Optional<Duration> askedFor, Duration remaining, RandomGenerator random) {
        if (retriesDone >= config.maxAttempts()) {
            return Optional.empty();
        }
        Duration pause = askedFor.orElseGet(() -> backoff(retriesDone, random));
        return pause.compareTo(remaining) < 0 ? Optional.of(pause) : Optional.empty();
    }

    private Duration backoff(int retriesDone, RandomGenerator random) {
        double base = Math.min(
                config.maxBackoff().toMillis(),
                config.minBackoff().toMillis() * Math.scalb(1.0, Math.min(retriesDone, 30)));
        double factor = 1 + config.jitter() * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.round(base * factor));
    }

    /** Reads {@code retry-after-ms}, else {@code retry-after} in seconds or as an HTTP date; empty when neither is usable. */
    static Optional<Duration> retryAfter(String millis, String secondsOrDate, Instant now) {
        if (millis != null) {
            try {
                return Optional.of(Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(millis.strip())))));
            } catch (NumberFormatException unreadable) {
                // the coarser header may still say it
            }
        }
        if (secondsOrDate == null) {
            return Optional.empty();
        }
        String value = secondsOrDate.strip();
        try {
            return Optional.of(Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(value) * 1000))));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant at = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
                return Optional.of(at.isBefore(now) ? Duration.ZERO : Duration.between(now, at));
            } catch (DateTimeParseException unreadable) {
                return Optional.empty();
            }
        }
    }
}
