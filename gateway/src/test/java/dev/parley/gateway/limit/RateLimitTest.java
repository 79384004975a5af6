package dev.parley.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.limit.RateLimit.Verdict;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final Time time = new Time();

    @Test
    void burstThenRate() {
        RateLimit limit = limit(3, 2, Duration.ofSeconds(1));

        assertThat(limit.take("a").state()).isEqualTo("\"tenant\";r=2;t=1");
        assertThat(limit.take("a").remaining()).isEqualTo(1);
        assertThat(limit.take("a").remaining()).isZero();
        Verdict refused = limit.take("a");
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.seconds()).isEqualTo(1);
        assertThat(limit.take("b").admitted()).as("another key has its own").isTrue();
        assertThat(limit.exhausted("a")).isTrue();
        assertThat(limit.exhausted("never seen")).isFalse();

        time.nanos += Duration.ofMillis(500).toNanos();

        assertThat(limit.take("a").admitted()).isTrue();
        assertThat(limit.take("a").admitted()).isFalse();
    }

    @Test
    void policySaysQuotaAndWindow() {
        assertThat(limit(2000, 1000, Duration.ofSeconds(1)).policy()).isEqualTo("\"tenant\";q=2000;w=2");
        assertThat(limit(5, 5, Duration.ofSeconds(60)).policy()).isEqualTo("\"tenant\";q=5;w=60");
        assertThat(limit(1, 1000, Duration.ofSeconds(1)).policy()).isEqualTo("\"tenant\";q=1;w=1");
    }

    @Test
    void headersAreConsistentWhateverHappens() {
        var random = new Random(7);
        for (int round = 0; round < 50; round++) {
            long burst = 1 + random.nextInt(50);
            RateLimit limit = limit(burst, 1 + random.nextInt(20), Duration.ofSeconds(1 + random.nextInt(5)));
            long window = Long.parseLong(limit.policy().replaceAll(".*w=", ""));
            for (int i = 0; i < 200; i++) {
                Verdict verdict = limit.take("k");

                assertThat(verdict.remaining()).isBetween(0L, burst);
                assertThat(verdict.seconds()).isBetween(0L, window);
                if (!verdict.admitted()) {
                    time.nanos += Duration.ofSeconds(verdict.seconds()).toNanos();
                    assertThat(limit.take("k").admitted())
                            .as("Retry-After is long enough")
                            .isTrue();
                }
                time.nanos += random.nextInt(300_000_000);
            }
        }
    }

    private RateLimit limit(long burst, long rate, Duration period) {
        return new RateLimit(
                "tenant",
                new LimitConfig.Bucket() {
                    @Override
                    public long burst() {
                        return burst;
                    }

                    @Override
                    public long rate() {
                        return rate;
                    }

                    @Override
                    public Duration period() {
                        return period;
                    }
                },
                100,
                time);
    }

    private static final class Time implements TimeMeter {
        private long nanos = 1_000_000_000_000L;

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
