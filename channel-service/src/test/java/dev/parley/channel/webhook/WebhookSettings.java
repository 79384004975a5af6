package dev.parley.channel.webhook;

import java.time.Duration;

/** Settings for tests without CDI. */
public record WebhookSettings(boolean loopback, Duration lookupTime, String publicUrl) implements WebhookConfig {
    public WebhookSettings(boolean loopback, Duration lookupTime) {
        this(loopback, lookupTime, "http://127.0.0.1:8080");
    }

    @Override
    public Duration lookupPatience() {
        return Duration.ofSeconds(1);
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
