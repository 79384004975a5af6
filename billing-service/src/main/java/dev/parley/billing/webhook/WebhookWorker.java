package dev.parley.billing.webhook;

import dev.parley.billing.lifecycle.ProviderStateFlow;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.platform.operation.Operation;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Works the inbox off: at once when an event comes in, and every second for what another worker left behind. Each provider
 * has hands of its own, so that one which answers slowly holds nobody else up.
 */
@ApplicationScoped
class WebhookWorker {
    private static final Logger LOG = Logger.getLogger(WebhookWorker.class);
    private static final int BATCH = 32;
    private static final int AT_A_TIME = 6;

    private final WebhookService inbox;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;
    private final boolean enabled;
    private final Map<String, Semaphore> waiting = new TreeMap<>();
    private final Map<String, ExecutorService> workers = new TreeMap<>();
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
        for (PaymentProvider provider : providers.all()) {
            String name = provider.name();
            waiting.put(name, new Semaphore(0));
            workers.put(
                    name,
                    Executors.newFixedThreadPool(
                            AT_A_TIME,
                            Thread.ofVirtual().name("webhook-" + name + "-", 0).factory()));
        }
    }

    void start(@Observes StartupEvent event) {
        if (enabled) {
            waiting.keySet().forEach(provider -> Thread.ofVirtual()
                    .name("webhook-worker-" + provider)
                    .start(() -> run(provider)));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        kick();
        workers.values().forEach(ExecutorService::shutdown);
    }

    /** Says that there is something to do. */
    void kick() {
        waiting.values().forEach(Semaphore::release);
    }

    private void run(String provider) {
        Semaphore events = Objects.requireNonNull(waiting.get(provider));
        while (!stopping) {
            try {
                events.tryAcquire(1, TimeUnit.SECONDS);
                events.drainPermits();
                while (!stopping && drain(provider) > 0) {
                    // more may be waiting
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the inbox of %s is worked off again", provider);
            }
        }
    }

    /** Works one batch of each provider off and returns how many events they held. */
    int drain() throws InterruptedException {
        int held = 0;
        for (String provider : waiting.keySet()) {
            held += drain(provider);
        }
        return held;
    }

    private int drain(String provider) throws InterruptedException {
        List<StoredEvent> claimed = inbox.claim(provider, BATCH);
        Collection<List<StoredEvent>> byObject = claimed.stream()
                .collect(Collectors.groupingBy(StoredEvent::object))
                .values();
        ExecutorService hands = Objects.requireNonNull(workers.get(provider));
        for (Future<?> done : byObject.stream()
                .map(events -> hands.submit(() -> work(events)))
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
