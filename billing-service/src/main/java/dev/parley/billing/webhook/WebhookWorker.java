package dev.parley.billing.webhook;

import dev.parley.billing.lifecycle.ProviderStateFlow;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.platform.operation.Operation;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Works the inbox off: at once when an event comes in, and every second for what another worker left behind. */
@ApplicationScoped
class WebhookWorker {
    private static final Logger LOG = Logger.getLogger(WebhookWorker.class);
    private static final int BATCH = 32;
    private static final int AT_A_TIME = 6;

    private final WebhookService inbox;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;
    private final boolean enabled;
    private final Semaphore waiting = new Semaphore(0);
    private final ExecutorService workers = Executors.newFixedThreadPool(
            AT_A_TIME, Thread.ofVirtual().name("webhook-", 0).factory());
    private volatile boolean stopping;

    WebhookWorker(
            WebhookService inbox,
            PaymentProviders providers,
            ProviderStateFlow states,
            @ConfigProperty(name = "billing.webhook.worker.enabled", defaultValue = "true") boolean enabled) {
        this.inbox = inbox;
        this.providers = providers;
        this.states = states;
        this.enabled = enabled;
    }

    void start(@Observes StartupEvent event) {
        if (enabled) {
            Thread.ofVirtual().name("webhook-worker").start(this::run);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        waiting.release();
        workers.shutdown();
    }

    /** Says that there is something to do. */
    void kick() {
        waiting.release();
    }

    private void run() {
        while (!stopping) {
            try {
                waiting.tryAcquire(1, TimeUnit.SECONDS);
                waiting.drainPermits();
                while (!stopping && drain() > 0) {
                    // more may be waiting
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the inbox of webhooks is worked off again");
            }
        }
    }

    /** Works one batch off and returns how many events it held. */
    int drain() throws InterruptedException {
        List<StoredEvent> claimed = inbox.claim(BATCH);
        Collection<List<StoredEvent>> byObject = claimed.stream()
                .collect(Collectors.groupingBy(event -> event.provider() + " " + event.object()))
                .values();
        for (Future<?> done : byObject.stream()
                .map(events -> workers.submit(() -> work(events)))
                .toList()) {
            try {
                done.get();
            } catch (ExecutionException failure) {
                LOG.warnf(failure, "events come back after their claim");
            }
        }
        return claimed.size();
    }

    private void work(List<StoredEvent> events) {
        StoredEvent first = events.getFirst();
        Operation.enter(null);
        try {
            boolean applied = states.follow(providers.named(first.provider()), first.kind(), first.objectId());
            inbox.finish(events, applied);
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "event %s of %s is tried again", first.eventId(), first.provider());
            inbox.fail(events, String.valueOf(failure.getMessage()));
        } finally {
            Operation.leave();
        }
    }
}
