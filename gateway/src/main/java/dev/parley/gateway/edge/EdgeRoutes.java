package dev.parley.gateway.edge;

import dev.parley.gateway.docs.Reader;
import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Problems;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Puts the edge before, and the last word after, everything else that serves HTTP in this process. */
@ApplicationScoped
class EdgeRoutes {
    private static final int FIRST = Integer.MIN_VALUE;
    private static final int LAST = Integer.MAX_VALUE;

    void register(@Observes Router router, Edge edge, Reader reader, Problems problems) {
        router.route().order(FIRST).handler(edge::handle);
        reader.register(router);
        router.route().order(LAST).handler(routing -> {
            Exchange exchange = routing.get(Exchange.class.getName());
            problems.send(exchange, GatewayProblem.NOT_FOUND);
        });
    }
}
