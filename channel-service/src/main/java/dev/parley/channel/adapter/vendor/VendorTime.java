package dev.parley.channel.adapter.vendor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What vendors say of when something was written, as far as it can be. */
public final class VendorTime {
    /** How far a vendor's clock may be before ours. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private VendorTime() {}

    /**
     * The time that a vendor wrote in seconds since 1970. What it did not write, or what is still to come, is now: the
     * message is here, so it was just written, and a time in the future would keep a window open for ever.
     */
    public static Instant ofEpochSecond(long seconds, Clock clock) {
        Instant now = clock.instant();
        return seconds <= 0 || seconds > now.plus(SKEW).getEpochSecond() ? now : Instant.ofEpochSecond(seconds);
    }
}
