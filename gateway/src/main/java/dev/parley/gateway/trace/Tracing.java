package dev.parley.gateway.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Starts the trace of each request and, when an OTLP endpoint is set, exports one server span per sampled request.
 *
 * <p>Ids are made here and not by an instrumented HTTP stack, so that a request costs a few random numbers as long as
 * nobody collects the spans. Spans that the collector does not take in time are dropped, never waited for.
 */
@ApplicationScoped
public class Tracing {
    static final Resource RESOURCE = Resource.getDefault()
            .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "gateway")));

    private static final int QUEUE = 8192;
    private static final int BATCH = 512;
    private static final long FLUSH_MILLIS = 1000;

    private final boolean continueIncoming;
    private final double sampling;
    private final SpanExporter exporter;
    private final BlockingQueue<SpanData> finished = new ArrayBlockingQueue<>(QUEUE);

    Tracing(TraceConfig config) {
        this.continueIncoming = config.continueIncoming();
        this.sampling = config.sampling();
        this.exporter = config.otlpEndpoint().map(Tracing::exporterTo).orElse(null);
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        if (exporter != null) {
            vertx.setPeriodic(FLUSH_MILLIS, timer -> flush());
        }
    }

    /** The trace context of a request whose {@code traceparent} header has this value (or null). */
    public TraceContext begin(String traceparent) {
        if (continueIncoming) {
            TraceContext continued = TraceContext.continued(traceparent);
            if (continued != null) {
                return continued;
            }
        }
        return TraceContext.start(
                sampling >= 1 || (sampling > 0 && ThreadLocalRandom.current().nextDouble() < sampling));
    }

    /** Whether finished requests should be handed to {@link #export}. */
    public boolean exporting() {
        return exporter != null;
    }

    /** Hands the span of a finished request to the exporter. */
    public void export(ServerSpan span) {
        if (exporter != null && span.trace().sampled()) {
            finished.offer(span);
        }
    }

    @PreDestroy
    void close() {
        if (exporter != null) {
            flush();
            exporter.close();
        }
    }

    private void flush() {
        List<SpanData> batch = new ArrayList<>();
        while (finished.drainTo(batch, BATCH) > 0) {
            exporter.export(batch);
            batch = new ArrayList<>();
        }
    }

    private static SpanExporter exporterTo(URI endpoint) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString().replaceAll("/+$", "") + "/v1/traces")
                .build();
    }
}
