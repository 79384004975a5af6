package dev.parley.gateway.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.limit.RateLimit.Verdict;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Admits requests or answers 429, and tells the client in either case how much room is left. */
@ApplicationScoped
public class RateLimits {
    private static final int MAX_OWN_LIMITS = 1000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RateLimit caller;
    private final RateLimit tenant;
    private final RateLimit address;
    private final RateLimit login;
    private final Problems problems;
    private final LoadingCache<Integer, RateLimit> own;

    RateLimits(LimitConfig config, Problems problems) {
        this.problems = problems;
        TimeMeter time = TimeMeter.SYSTEM_NANOTIME;
        this.caller = new RateLimit("caller", config.caller(), config.maxBuckets(), time);
        this.tenant = new RateLimit("tenant", config.tenant(), config.maxBuckets(), time);
        this.address = new RateLimit("address", config.address(), config.maxBuckets(), time);
        // One limit per distinct figure: keys with the same figure share its buckets, not their content.
        this.own = Caffeine.newBuilder()
                .maximumSize(MAX_OWN_LIMITS)
                .build(perMinute -> new RateLimit("key", perMinute, perMinute, MINUTE, config.maxBuckets(), time));
        this.login = new RateLimit("login", config.login(), config.maxBuckets(), time);
    }

    /**
     * Takes from the caller's bucket and its tenant's; false: the request has been answered.
     *
     * @param requestsPerMinute a limit of the credential's own, or 0
     */
    public boolean admitCaller(Exchange exchange, String credentialId, int requestsPerMinute, String tenantId) {
        Verdict verdict =
                requestsPerMinute > 0 ? own.get(requestsPerMinute).take(credentialId) : caller.take(credentialId);
        if (verdict.admitted() && requestsPerMinute > 0) {
            verdict = caller.take(credentialId).tighter(verdict);
        }
        if (verdict.admitted() && tenantId != null) {
            verdict = tenant.take(tenantId).tighter(verdict);
        }
        return conclude(exchange, verdict);
    }

    /** Takes from the address's bucket for requests without a valid credential. */
    public boolean admitAnonymous(Exchange exchange) {
        return conclude(exchange, address.take(exchange.clientAddress()));
    }

    /** Takes from the address's bucket for attempts to log in or sign up. */
    public boolean admitLogin(Exchange exchange) {
        return conclude(exchange, login.take(exchange.clientAddress()));
    }

    /** Whether this address has used up its anonymous requests, so that its unknown credentials are not looked up. */
    public boolean addressExhausted(Exchange exchange) {
        return address.exhausted(exchange.clientAddress());
    }

    private boolean conclude(Exchange exchange, Verdict verdict) {
        exchange.limitedBy(verdict.limit().policy(), verdict.state());
        if (!verdict.admitted()) {
            problems.sendRateLimited(
                    exchange, verdict.seconds(), verdict.limit().name());
        }
        return verdict.admitted();
    }
}
