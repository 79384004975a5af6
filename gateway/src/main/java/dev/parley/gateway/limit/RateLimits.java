package dev.parley.gateway.limit;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.limit.RateLimit.Verdict;
import io.github.bucket4j.TimeMeter;
import jakarta.enterprise.context.ApplicationScoped;

/** Admits requests or answers 429, and tells the client in either case how much room is left. */
@ApplicationScoped
public class RateLimits {
    private final RateLimit caller;
    private final RateLimit tenant;
    private final RateLimit address;
    private final RateLimit login;
    private final Problems problems;

    RateLimits(LimitConfig config, Problems problems) {
        this.problems = problems;
        TimeMeter time = TimeMeter.SYSTEM_NANOTIME;
        this.caller = new RateLimit("caller", config.caller(), config.maxBuckets(), time);
        this.tenant = new RateLimit("tenant", config.tenant(), config.maxBuckets(), time);
        this.address = new RateLimit("address", config.address(), config.maxBuckets(), time);
        this.login = new RateLimit("login", config.login(), config.maxBuckets(), time);
    }

    /** Takes from the caller's bucket and its tenant's; false: the request has been answered. */
    public boolean admitCaller(Exchange exchange, String credentialId, String tenantId) {
        Verdict verdict = caller.take(credentialId);
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
