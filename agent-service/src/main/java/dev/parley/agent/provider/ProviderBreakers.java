package dev.parley.agent.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.tenancy.TenantId;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Leaves providers alone that keep failing: one breaker for each provider and owner of a key, so that a tenant's bad key
 * stops nobody else.
 */
@ApplicationScoped
public class ProviderBreakers {
    private static final int BREAKERS_KEPT = 20_000;
    private static final Duration LONGEST_TRIAL = Duration.ofMinutes(2);

    private final CircuitBreakerConfig settings;
    private final Duration rest;
    private final Cache<Key, CircuitBreaker> breakers =
            Caffeine.newBuilder().maximumSize(BREAKERS_KEPT).build();

    /** Breakers that are all closed. */
    public ProviderBreakers(BreakerConfig config, Clock clock) {
        this.rest = config.rest();
        this.settings = CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.TIME_BASED)
                .slidingWindowSize(Math.toIntExact(config.window().toSeconds()))
                .minimumNumberOfCalls(config.minimumCalls())
                .failureRateThreshold(config.failureRate())
                .waitDurationInOpenState(config.rest())
                .permittedNumberOfCallsInHalfOpenState(config.trials())
                .maxWaitDurationInHalfOpenState(LONGEST_TRIAL)
                .clock(clock)
                .build();
    }

    private record Key(String provider, TenantId keyOwner) {}

    /** Asks to call a provider; empty while it rests. Who may call has to tell the outcome. */
    public Optional<Visit> visit(LlmEndpoint endpoint) {
        CircuitBreaker breaker = breakers.get(
                new Key(endpoint.name(), endpoint.keyOwner()), key -> CircuitBreaker.of(key.provider(), settings));
        return breaker.tryAcquirePermission() ? Optional.of(new Visit(breaker)) : Optional.empty();
    }

    /** How long a provider rests. */
    public Duration rest() {
        return rest;
    }

    /** A call that may be made. */
    public static final class Visit {
        private final CircuitBreaker breaker;
        private final long since;

        Visit(CircuitBreaker breaker) {
            this.breaker = breaker;
            this.since = breaker.getCurrentTimestamp();
        }

        /** The provider answered. */
        public void answered() {
            breaker.onSuccess(breaker.getCurrentTimestamp() - since, breaker.getTimestampUnit());
        }

        /** The provider gave no reply; counts as what that tells about its health. */
        public void failed(LlmFailure failure) {
            switch (failure.health()) {
                case ILL -> breaker.onError(breaker.getCurrentTimestamp() - since, breaker.getTimestampUnit(), failure);
                case WELL -> answered();
                case UNKNOWN -> abandoned();
            }
        }

        /** The call ended without telling anything about the provider. */
        public void abandoned() {
            breaker.releasePermission();
        }
    }
}
