package dev.parley.gateway.limit;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * So many requests of one tenant may be open at once, streams and WebSockets among them: each keeps one of the
 * connections to its service, which all tenants share.
 */
@ApplicationScoped
public class OpenRequests {
    private static final String NAME = "open";
    private static final long RETRY_SECONDS = 1;

    private final int most;
    private final Problems problems;
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();

    OpenRequests(LimitConfig config, Problems problems) {
        this.most = config.openPerTenant();
        this.problems = problems;
    }

    /** Counts a request in, which then has to {@link #leave}; false: there are too many, and it has been answered. */
    public boolean admit(Exchange exchange) {
        String tenant = exchange.tenantId();
        if (tenant == null || open.merge(tenant, 1, Integer::sum) <= most) {
            return true;
        }
        leave(exchange);
        problems.sendRateLimited(exchange, RETRY_SECONDS, NAME);
        return false;
    }

    /** Counts a request out that was admitted, once its connection is free. */
    public void leave(Exchange exchange) {
        String tenant = exchange.tenantId();
        if (tenant != null) {
            open.computeIfPresent(tenant, (id, requests) -> requests == 1 ? null : requests - 1);
        }
    }
}
