package dev.parley.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** One kind of limit: a bucket per key, the number of buckets bounded. */
final class RateLimit {
    private static final long NANOS = 1_000_000_000L;

    private final String name;
    private final long burst;
    private final long rate;
    private final long periodNanos;
    private final TimeMeter time;
    private final String policy;
    private final Cache<String, Bucket> buckets;

    RateLimit(String name, LimitConfig.Bucket config, int maxBuckets, TimeMeter time) {
        this(name, config.burst(), config.rate(), config.period(), maxBuckets, time);
    }

    RateLimit(String name, long burst, long rate, Duration period, int maxBuckets, TimeMeter time) {
        this.name = name;
        this.burst = burst;
        this.rate = rate;
        this.periodNanos = period.toNanos();
        this.time = time;
        long window = Math.max(1, Math.ceilDiv(Math.multiplyExact(burst, periodNanos), rate * NANOS));
        this.policy = "\"" + name + "\";q=" + burst + ";w=" + window;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxBuckets)
                // A bucket that nobody touched for its whole window is full again, so it need not be kept.
                .expireAfterAccess(Duration.ofSeconds(window + 60))
                .build();
    }

    /** Takes one request out of the bucket of this key. */
    Verdict take(String key) {
        ConsumptionProbe probe = buckets.get(key, k -> fullBucket()).tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            long remaining = probe.getRemainingTokens();
            return new Verdict(this, true, remaining, Math.ceilDiv((burst - remaining) * periodNanos, rate * NANOS));
        }
        return new Verdict(this, false, 0, Math.max(1, Math.ceilDiv(probe.getNanosToWaitForRefill(), NANOS)));
    }

    /** Whether the bucket of this key is empty, without taking anything. */
    boolean exhausted(String key) {
        Bucket bucket = buckets.getIfPresent(key);
        return bucket != null && bucket.getAvailableTokens() < 1;
    }

    String name() {
        return name;
    }

    String policy() {
        return policy;
    }

    private Bucket fullBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(rate, Duration.ofNanos(periodNanos)))
                .withCustomTimePrecision(time)
                .build();
    }

    /**
     * The outcome for one request.
     *
     * @param limit which limit was asked
     * @param admitted whether there was room
     * @param remaining how many more would be admitted at once
     * @param seconds until the bucket is full again, or, when refused, until there is room for one
     */
    record Verdict(RateLimit limit, boolean admitted, long remaining, long seconds) {

        /** Value of the RateLimit header field. */
        String state() {
            return "\"" + limit.name + "\";r=" + remaining + ";t=" + seconds;
        }

        /** The verdict that leaves the caller less room. */
        Verdict tighter(Verdict other) {
            return remaining * other.limit.burst <= other.remaining * limit.burst ? this : other;
        }
    }
}
