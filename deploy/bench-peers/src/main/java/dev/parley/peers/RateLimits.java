package dev.parley.peers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** A bucket per caller and one for all callers together, in memory as in Parley's gateway, with the same library. */
@Component
class RateLimits implements GlobalFilter, Ordered {
    private static final long BURST = 1_000_000;
    private static final String POLICY = "\"caller\";q=" + BURST + ";w=1";

    private final Cache<String, Bucket> callers =
            Caffeine.newBuilder().maximumSize(100_000).build();
    private final Cache<String, Bucket> tenants =
            Caffeine.newBuilder().maximumSize(100_000).build();

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return exchange.getPrincipal()
                .cast(Authentication.class)
                .flatMap(caller -> admit(exchange, chain, caller.getName()));
    }

    private Mono<Void> admit(ServerWebExchange exchange, GatewayFilterChain chain, String caller) {
        ConsumptionProbe mine = callers.get(caller, key -> full()).tryConsumeAndReturnRemaining(1);
        ConsumptionProbe all = tenants.get("all", key -> full()).tryConsumeAndReturnRemaining(1);
        var headers = exchange.getResponse().getHeaders();
        headers.set("RateLimit-Policy", POLICY);
        headers.set(
                "RateLimit", "\"caller\";r=" + Math.min(mine.getRemainingTokens(), all.getRemainingTokens()) + ";t=1");
        if (mine.isConsumed() && all.isConsumed()) {
            return chain.filter(exchange);
        }
        exchange.getResponse().setStatusCode(HttpStatus.TOO_MANY_REQUESTS);
        return exchange.getResponse().setComplete();
    }

    private static Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(BURST).refillGreedy(BURST, Duration.ofSeconds(1)))
                .withCustomTimePrecision(TimeMeter.SYSTEM_NANOTIME)
                .build();
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }
}
