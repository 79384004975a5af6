package dev.parley.channel.webhookdelivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts attempts by what became of them, and the endpoints that are served; never by tenant. */
@ApplicationScoped
class DeliveryMetrics {
    private final Counter taken;
    private final Counter refused;
    private final Counter unanswered;
    private final Timer duration;
    private final AtomicInteger served;

    DeliveryMetrics(MeterRegistry metrics) {
        this.taken = attempts(metrics, "taken");
        this.refused = attempts(metrics, "refused");
        this.unanswered = attempts(metrics, "unanswered");
        this.duration = metrics.timer("webhook.attempt.duration");
        this.served = metrics.gauge("webhook.endpoint.served", new AtomicInteger());
    }

    private static Counter attempts(MeterRegistry metrics, String outcome) {
        return metrics.counter("webhook.attempt.ended", "outcome", outcome);
    }

    void attempted(Attempt attempt) {
        (attempt.taken() ? taken : attempt.status() == null ? unanswered : refused).increment();
        duration.record(Duration.ofMillis(attempt.durationMs()));
    }

    void serving(int endpoints) {
        served.set(endpoints);
    }
}
