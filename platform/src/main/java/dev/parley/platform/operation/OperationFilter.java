package dev.parley.platform.operation;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import org.jboss.logging.MDC;

/** Continues the caller's operation and names it, and the trace, in every log line and answer. */
@Provider
@PreMatching
public final class OperationFilter implements ContainerRequestFilter, ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        Operation.enter(parse(request.getHeaderString(Operation.HEADER)));
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            MDC.put("trace_id", span.getTraceId());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(Operation.HEADER, Operation.id().toString());
    }

    private static UUID parse(String header) {
        try {
            return header == null ? null : UUID.fromString(header);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
