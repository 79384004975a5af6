package dev.parley.platform.http;

import java.time.Duration;

/**
 * Whether a service was heard of lately. One that answered anything in the last two seconds is taken for busy, not for
 * gone: a burst must not be refused because everybody waits longer than silence may last.
 */
final class Pulse {
    private static final long HEARD_LASTS = Duration.ofSeconds(2).toNanos();

    private final String healthUrl;
    private final Duration silence;
    private volatile long heardAt;

    /** Of a service that may be silent for so long. */
    Pulse(String healthUrl, Duration silence) {
        this.healthUrl = healthUrl;
        this.silence = silence;
        this.heardAt = System.nanoTime() - HEARD_LASTS;
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    boolean isHeard() {
        return System.nanoTime() - heardAt < HEARD_LASTS;
    }

    String healthUrl() {
        return healthUrl;
    }

    Duration silence() {
        return silence;
    }
}
