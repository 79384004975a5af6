package dev.parley.platform.operation;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace that the current work belongs to. It is carried on and logged whether or not OpenTelemetry exports
 * spans, so that one trace id runs through gateway, services and Kafka at no cost.
 */
public final class Trace {
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String ID = "trace_id";
    private static final String SAMPLED = "sampled";

    private Trace() {}

    /** Continues the trace of a {@code traceparent} header; one that is malformed or missing starts none. */
    public static void enter(@Nullable String traceparent) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            MDC.put(ID, span.getTraceId());
            MDC.put(SAMPLED, String.valueOf(span.isSampled()));
            return;
        }
        Matcher parts = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (parts.matches()) {
            MDC.put(ID, parts.group(1));
            MDC.put(SAMPLED, String.valueOf((Integer.parseInt(parts.group(3), 16) & 1) == 1));
        }
    }

    /** The header that continues the current trace elsewhere, or null when there is none. */
    public static @Nullable String traceparent() {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                    + span.getTraceFlags().asHex();
        }
        Object id = MDC.get(ID);
        return id == null
                ? null
                : "00-" + id + "-"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1)
                        + (isSampled() ? "-01" : "-00");
    }

    /** Whether somebody wants to see this trace in detail. */
    public static boolean isSampled() {
        return "true".equals(MDC.get(SAMPLED));
    }

    static void leave() {
        MDC.remove(ID);
        MDC.remove(SAMPLED);
    }
}
