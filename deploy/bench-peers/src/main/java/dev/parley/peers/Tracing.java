package dev.parley.peers;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Names the operation and its trace, and says who called. By hand, because Micrometer's tracing would cost the peer
 * more than these headers.
 */
@Component
class Tracing implements GlobalFilter, Ordered {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        var random = ThreadLocalRandom.current();
        String operation = new UUID(random.nextLong(), random.nextLong()).toString();
        var hex = HexFormat.of();
        String parent = "00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + "-"
                + hex.toHexDigits(random.nextLong()) + "-01";
        InetSocketAddress address = exchange.getRequest().getRemoteAddress();
        exchange.getResponse().getHeaders().set("x-request-id", operation);
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> {
                    headers.set("X-Operation-Id", operation);
                    headers.set("traceparent", parent);
                    headers.set(
                            "X-Forwarded-For",
                            address == null ? "" : address.getAddress().getHostAddress());
                }))
                .build());
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
