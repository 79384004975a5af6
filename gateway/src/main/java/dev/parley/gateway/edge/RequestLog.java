package dev.parley.gateway.edge;

import dev.parley.gateway.http.EdgeConfig;
import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.trace.ServerSpan;
import dev.parley.gateway.trace.Tracing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Counts, logs and traces every finished request. */
@ApplicationScoped
class RequestLog {
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> TENANT = AttributeKey.stringKey("parley.tenant_id");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("parley.operation_id");

    private static final int DRAIN_FIRST = 1;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final AtomicInteger open = new AtomicInteger();
    private final MeterRegistry registry;
    private final Tracing tracing;
    private final Clock clock;
    private final AccessLines lines;
    private final double sample;
    private final ConcurrentMap<Series, Timer> timers = new ConcurrentHashMap<>();

    RequestLog(MeterRegistry registry, Tracing tracing, Clock clock, AccessLines lines, EdgeConfig config) {
        this.lines = lines;
        this.registry = registry;
        Gauge.builder("gateway.request.open", open, AtomicInteger::get)
                .description("Requests that have no answer yet")
                .register(registry);
        this.tracing = tracing;
        this.clock = clock;
        this.sample = config.accessLog().sample();
    }

    /** Opens the books on a request. */
    void begun() {
        open.incrementAndGet();
    }

    /** Lets the requests that are open end before the process does. */
    void drain(@Observes @Priority(DRAIN_FIRST) ShutdownEvent event) {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (open.get() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /** Closes the books on a request; later calls for the same one do nothing. */
    void finished(Exchange exchange) {
        if (!exchange.finish()) {
            return;
        }
        open.decrementAndGet();
        int status = exchange.response().getStatusCode();
        long nanos = System.nanoTime() - exchange.startedNanos();
        timer(exchange.route(), status).record(nanos, TimeUnit.NANOSECONDS);
        if (sample > 0
                && (sample >= 1 || status >= 500 || ThreadLocalRandom.current().nextDouble() < sample)) {
            lines.add(line(exchange, status, nanos));
        }
        if (tracing.exporting()) {
            export(exchange, status, nanos);
        }
    }

    private Timer timer(String route, int status) {
        var series = new Series(route, status);
        Timer timer = timers.get(series);
        return timer != null ? timer : timers.computeIfAbsent(series, this::register);
    }

    private Timer register(Series series) {
        return Timer.builder("gateway.request")
                .description("Requests answered, by route and status")
                .tag("route", series.route())
                .tag("status", Integer.toString(series.status()))
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(registry);
    }

    /** Built by hand: every value is an id, a number or a word of ours, except the method, which is checked before. */
    private String line(Exchange exchange, int status, long nanos) {
        var line = new StringBuilder(320)
                .append("{\"timestamp\":\"")
                .append(Instant.ofEpochMilli(clock.millis()))
                .append("\",\"level\":\"INFO\",\"loggerName\":\"access\",\"service\":\"gateway\",\"method\":\"")
                .append(exchange.request().method().name())
                .append("\",\"route\":\"")
                .append(exchange.route())
                .append("\",\"status\":")
                .append(status)
                .append(",\"duration_ms\":");
        appendMillis(line, nanos);
        line.append(",\"trace_id\":\"").append(exchange.trace().traceId());
        if (exchange.tenantId() != null) {
            line.append("\",\"tenant_id\":\"").append(exchange.tenantId());
        }
        return line.append("\",\"operation_id\":\"")
                .append(exchange.operationId())
                .append("\"}")
                .toString();
    }

    private static void appendMillis(StringBuilder line, long nanos) {
        long micros = nanos / 1000;
        line.append(micros / 1000).append('.');
        long fraction = micros % 1000;
        if (fraction < 100) {
            line.append('0');
        }
        if (fraction < 10) {
            line.append('0');
        }
        line.append(fraction);
    }

    private void export(Exchange exchange, int status, long nanos) {
        if (!exchange.trace().sampled()) {
            return;
        }
        String method = exchange.request().method().name();
        var attributes = Attributes.builder()
                .put(METHOD, method)
                .put(ROUTE, exchange.route())
                .put(STATUS, (long) status)
                .put(OPERATION, exchange.operationId());
        if (exchange.tenantId() != null) {
            attributes.put(TENANT, exchange.tenantId());
        }
        long end = TimeUnit.MILLISECONDS.toNanos(clock.millis());
        tracing.export(new ServerSpan(
                exchange.trace(),
                method + " " + exchange.route(),
                attributes.build(),
                status >= 500,
                end - nanos,
                end));
    }

    private record Series(String route, int status) {}
}
