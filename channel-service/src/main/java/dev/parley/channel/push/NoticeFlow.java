package dev.parley.channel.push;

import dev.parley.channel.adapter.PushOutcome;
import dev.parley.channel.push.NoticeService.Claim;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Sends a tenant's notices that are due, some at a time; each was taken first, so that nobody else sends it too. */
@ApplicationScoped
class NoticeFlow {
    private static final Logger LOG = Logger.getLogger(NoticeFlow.class);

    private final NoticeService notices;
    private final PushConfig config;
    private final MeterRegistry metrics;
    /** Of all tenants, who take turns: connections are few. */
    private final Semaphore free;

    private volatile boolean stopping;

    NoticeFlow(NoticeService notices, PushConfig config, MeterRegistry metrics) {
        this.notices = notices;
        this.config = config;
        this.metrics = metrics;
        this.free = new Semaphore(config.inFlight(), true);
    }

    /** From now on no notice is taken any more. */
    void stop() {
        stopping = true;
    }

    /** Sends what is due now; returns when all of it was tried. */
    void send(TenantId tenant) {
        boolean more = !stopping;
        while (more) {
            Claim claim = claim(tenant);
            try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Order order : claim.orders()) {
                    each.execute(() -> {
                        try {
                            send(order);
                        } finally {
                            free.release();
                        }
                    });
                }
            }
            more = claim.more() && !stopping;
        }
    }

    /** Takes as many notices as may be sent at once, each with its place. */
    private Claim claim(TenantId tenant) {
        free.acquireUninterruptibly();
        if (stopping) {
            free.release();
            return new Claim(List.of(), false);
        }
        int places = 1;
        while (places < config.atOnce() && !free.hasQueuedThreads() && free.tryAcquire()) {
            places++;
        }
        int unused = places;
        try {
            Claim claim = notices.claim(tenant, places);
            unused -= claim.orders().size();
            return claim;
        } finally {
            free.release(unused);
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
