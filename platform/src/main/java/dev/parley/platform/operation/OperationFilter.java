package dev.parley.platform.operation;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Continues the caller's operation and trace and names both in every log line and answer. A request of a sampled trace
 * leaves a line of its own.
 */
@Provider
@PreMatching
public final class OperationFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final Logger LOG = Logger.getLogger("request");
    private static final String STARTED = "parley.operation.started";

    @Override
    public void filter(ContainerRequestContext request) {
        Operation.enter(parse(request.getHeaderString(Operation.HEADER)));
        Trace.enter(request.getHeaderString("traceparent"));
        request.setProperty(STARTED, System.nanoTime());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(Operation.HEADER, Operation.id().toString());
        if (Trace.isSampled() && request.getProperty(STARTED) instanceof Long started) {
            LOG.infof(
                    "%s %s %d %.1f ms",
                    request.getMethod(),
                    request.getUriInfo().getPath(),
                    response.getStatus(),
                    (System.nanoTime() - started) / 1e6);
        }
    }

    private static @Nullable UUID parse(@Nullable String header) {
        try {
            return header == null ? null : UUID.fromString(header);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
