package dev.parley.platform.http;

import java.time.Duration;

/** Whether a service was heard of lately; a service that was needs no look at its health. */
final class Pulse {
    private final String healthUrl;
    private final Duration silence;
    private volatile long heardAt;

    /** Of a service that may be silent for so long. */
    Pulse(String healthUrl, Duration silence) {
        this.healthUrl = healthUrl;
        this.silence = silence;
        this.heardAt = System.nanoTime() - silence.toNanos();
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    /** Whether it answered anything within half of the silence that it may keep. */
    boolean isHeard() {
        return System.nanoTime() - heardAt < silence.toNanos() / 2;
    }

    String healthUrl() {
        return healthUrl;
    }

    Duration silence() {
        return silence;
    }
}
