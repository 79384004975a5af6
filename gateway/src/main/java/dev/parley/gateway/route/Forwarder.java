package dev.parley.gateway.route;

import dev.parley.gateway.http.EdgeConfig;
import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.http.SecurityHeaders;
import dev.parley.gateway.limit.OpenRequests;
import jakarta.enterprise.context.ApplicationScoped;

/** Sends a request on to its service and the answer back, streaming both. */
@ApplicationScoped
public class Forwarder {
    private final EventLoops loops;
    private final Problems problems;
    private final SecurityHeaders security;
    private final OpenRequests open;
    private final int maxHeaders;

    Forwarder(EventLoops loops, Problems problems, SecurityHeaders security, OpenRequests open, EdgeConfig config) {
        this.loops = loops;
        this.problems = problems;
        this.security = security;
        this.open = open;
        this.maxHeaders = config.maxHeaders();
    }

    /**
     * Forwards the request, whose body has not been read yet, and answers it in every case.
     *
     * @param authorization the tenant context for the service, or null
     */
    public void forward(Exchange exchange, Route route, String authorization) {
        if (open.admit(exchange)) {
            new Forwarding(exchange, route, authorization, loops.current(), problems, security, open, maxHeaders)
                    .start();
        }
    }
}
