package dev.parley.channel.push;

import dev.parley.channel.adapter.PushOutcome;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Sends a tenant's notices that are due, some at a time; each was taken first, so that nobody else sends it too. */
@ApplicationScoped
class NoticeFlow {
    private static final Logger LOG = Logger.getLogger(NoticeFlow.class);

    private final NoticeService notices;
    private final MeterRegistry metrics;

    NoticeFlow(NoticeService notices, MeterRegistry metrics) {
        this.notices = notices;
        this.metrics = metrics;
    }

    /** Sends what is due now; returns when all of it was tried. */
    void send(TenantId tenant) {
        for (List<Order> orders = notices.claim(tenant); !orders.isEmpty(); orders = notices.claim(tenant)) {
            try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
                orders.forEach(order -> each.execute(() -> send(order)));
            }
        }
    }

    private void send(Order order) {
        PushOutcome outcome;
        try {
            outcome = order.adapter().notify(order.channel(), order.credentials(), order.notice());
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "notice %s cannot be sent", order.id());
            outcome = new PushOutcome.Unknown("it cannot be sent");
        }
        metrics.counter(
                        "push.notice.ended",
                        "outcome",
                        outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .increment();
        try {
            notices.finish(order, outcome);
        } catch (RuntimeException failure) {
            // Its lease ends, and it is ambiguous then: nobody is told twice.
            LOG.warnf("what became of notice %s is lost: %s", order.id(), failure.getMessage());
        }
    }
}
