package dev.parley.agent.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final Duration PLENTY = Duration.ofSeconds(60);
    private static final Optional<Duration> NOT_ASKED = Optional.empty();

    private final ProviderCallConfig config = ProviderCallConfigs.with(Map.of());
    private final RetryPolicy policy = new RetryPolicy(config.retry());

    @Test
    void defaultsAreTheTimeBudgetOfTheDesign() {
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.firstByteTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.totalTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.retry().maxAttempts()).isEqualTo(2);
        assertThat(config.retry().minBackoff()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.retry().maxBackoff()).isEqualTo(Duration.ofSeconds(8));
        assertThat(config.retry().budget()).isEqualTo(0.1);
    }

    @Test
    void pausesDoubleAndAreRandomByAFifthBothWays() {
        assertThat(policy.pause(0, NOT_ASKED, PLENTY, always(0.5))).contains(Duration.ofMillis(500));
        assertThat(policy.pause(1, NOT_ASKED, PLENTY, always(0.5))).contains(Duration.ofMillis(1000));
        assertThat(policy.pause(0, NOT_ASKED, PLENTY, always(0))).contains(Duration.ofMillis(400));
        assertThat(policy.pause(0, NOT_ASKED, PLENTY, always(1))).contains(Duration.ofMillis(600));
    }

    @Test
    void thereAreTwoRetriesAndNoPauseIsLongerThanTheLongest() {
        assertThat(policy.pause(2, NOT_ASKED, PLENTY, always(0.5))).isEmpty();
        RetryPolicy patient =
                new RetryPolicy(ProviderCallConfigs.with(Map.of("agent.provider.retry.max-attempts", "100"))
                        .retry());
        assertThat(patient.pause(40, NOT_ASKED, PLENTY, always(0.5))).contains(Duration.ofSeconds(8));
    }

    @Test
    void retryAfterIsObeyedWhenItFitsTheDeadlineAndEndsTheCallWhenItDoesNot() {
        Optional<Duration> asked = Optional.of(Duration.ofSeconds(30));
        assertThat(policy.pause(0, asked, PLENTY, always(0.5))).contains(Duration.ofSeconds(30));
        assertThat(policy.pause(0, asked, Duration.ofSeconds(30), always(0.5))).isEmpty();
    }

    @Test
    void onlyAnswersThatMayChangeAreRetried() {
        assertThat(IntStream.of(408, 409, 429, 500, 502, 503, 504, 529).boxed()).allMatch(RetryPolicy::isRetryable);
        assertThat(IntStream.of(400, 401, 403, 404, 413, 422).boxed()).noneMatch(RetryPolicy::isRetryable);
    }

    @Test
    void retryAfterIsReadInAllItsForms() {
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        assertThat(RetryPolicy.retryAfter(null, "2", now)).contains(Duration.ofSeconds(2));
        assertThat(RetryPolicy.retryAfter(null, "0.5", now)).contains(Duration.ofMillis(500));
        assertThat(RetryPolicy.retryAfter("250", "2", now)).contains(Duration.ofMillis(250));
        assertThat(RetryPolicy.retryAfter("soon", "2", now)).contains(Duration.ofSeconds(2));
        assertThat(RetryPolicy.retryAfter(null, "Fri, 20 Nov 2026 10:00:05 GMT", now))
                .contains(Duration.ofSeconds(5));
        assertThat(RetryPolicy.retryAfter(null, "Fri, 20 Nov 2026 09:00:00 GMT", now))
                .contains(Duration.ZERO);
        assertThat(RetryPolicy.retryAfter(null, "-3", now)).contains(Duration.ZERO);
        assertThat(RetryPolicy.retryAfter(null, "tomorrow", now)).isEmpty();
        assertThat(RetryPolicy.retryAfter(null, null, now)).isEmpty();
    }

    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
