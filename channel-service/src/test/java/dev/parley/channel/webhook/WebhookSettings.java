package dev.parley.channel.webhook;

import java.time.Duration;

/** Settings for tests without CDI. */
public record WebhookSettings(boolean loopback, Duration lookupTime) implements WebhookConfig {
    @Override
    public Duration lookupPatience() {
        return Duration.ofMillis(300);
    }

    @Override
    public Duration lookupFailureTime() {
        return Duration.ofSeconds(15);
    }

    @Override
    public int mostEndpoints() {
        return 50;
    }

    @Override
    public Duration secretOverlap() {
        return Duration.ofHours(24);
    }
}
