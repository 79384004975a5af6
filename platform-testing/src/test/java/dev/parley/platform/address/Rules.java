package dev.parley.platform.address;

import java.time.Duration;

/** Settings for tests without CDI. */
record Rules(boolean loopback, Duration lookupTime, String publicUrl, Duration lookupPatience) implements AddressRules {
    Rules(boolean loopback, Duration lookupTime) {
        this(loopback, lookupTime, "http://127.0.0.1:8080");
    }

    Rules(boolean loopback, Duration lookupTime, String publicUrl) {
        this(loopback, lookupTime, publicUrl, Duration.ofSeconds(30));
    }

    @Override
    public Duration lookupFailureTime() {
        return Duration.ofSeconds(15);
    }
}
