package dev.parley.channel.webhookdelivery;

import java.time.Duration;
import java.util.List;

/** Settings for tests without CDI. */
record DeliverySettings(Duration timeout) implements DeliveryConfig {
    @Override
    public List<Duration> schedule() {
        return List.of(Duration.ZERO, Duration.ofSeconds(5));
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration longestRetryAfter() {
        return Duration.ofDays(1);
    }

    @Override
    public Duration lease() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Duration interval() {
        return Duration.ofMillis(500);
    }

    @Override
    public int mostEndpoints() {
        return 512;
    }

    @Override
    public int mostFailing() {
        return 128;
    }

    @Override
    public Duration atOnce() {
        return Duration.ofMillis(100);
    }

    @Override
    public Duration atOnceLease() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration rest() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration longestRest() {
        return Duration.ofMinutes(5);
    }

    @Override
    public Duration slice() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration patience() {
        return Duration.ofDays(5);
    }

    @Override
    public int mostExhausted() {
        return 10;
    }

    @Override
    public Duration retention() {
        return Duration.ofDays(30);
    }
}
