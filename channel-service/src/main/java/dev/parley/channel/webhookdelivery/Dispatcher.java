package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Target;
import dev.parley.platform.data.WakeUp;
import dev.parley.platform.problem.Problem;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Takes queues in which something is due and has each served. Endpoints that take nothing have places of their own, so
 * that however many there are, the others do not wait for a place.
 */
@ApplicationScoped
public class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);
    private static final int CLAIMS = 100;
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private final QueueService queue;
    private final WebhookSender sender;
    private final DeliveryConfig config;
    private final DeliveryMetrics metrics;
    private final WakeUp told = new WakeUp();
    private final Places healthy;
    private final Places doubtful;
    private volatile boolean stopping;

    Dispatcher(QueueService queue, WebhookSender sender, DeliveryConfig config, DeliveryMetrics metrics) {
        this.queue = queue;
        this.sender = sender;
        this.config = config;
        this.metrics = metrics;
        this.healthy = new Places(config.mostEndpoints() - config.mostFailing());
        this.doubtful = new Places(config.mostFailing());
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("webhook-dispatcher").start(this::work);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        told.raise();
        long giveUp = System.nanoTime() + FAREWELL.toNanos();
        while (healthy.taken() + doubtful.taken() > 0 && System.nanoTime() - giveUp < 0) {
            told.await(config.interval().toMillis());
        }
    }

    /** Says that something is due. */
    public void wake() {
        told.raise();
    }

    private void work() {
        try {
            while (!stopping) {
                if (!step()) {
                    told.await(config.interval().toMillis());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes some queues and says whether there may be more at once. */
    private boolean step() {
        try {
            int places = Math.min(CLAIMS, healthy.free());
            int rest = Math.min(CLAIMS, doubtful.free());
            List<Lease> leases = queue.claim(places, rest, doubtful.full());
            leases.forEach(this::serve);
            metrics.serving(healthy.taken() + doubtful.taken());
            return leases.size() >= CLAIMS;
        } catch (Problem unreachable) {
            return false;
        } catch (RuntimeException failure) {
            LOG.warn("queues of webhooks are looked at again", failure);
            return false;
        }
    }

    private void serve(Lease lease) {
        serve(lease, run -> {});
    }

    /** Has a queue that is leased already served on, with attempts that are under way. */
    void adopt(Lease lease, Target target, List<Call> calls, Consumer<Consumer<Call>> inheritance) {
        serve(lease, run -> inheritance.accept(run.adopt(target, calls)));
    }

    private void serve(Lease lease, Consumer<EndpointRun> prepare) {
        Places places = lease.doubtful() ? doubtful : healthy;
        places.take(lease.tenant());
        Thread.ofVirtual().name("webhook").start(() -> {
            boolean again = false;
            try {
                EndpointRun run =
                        new EndpointRun(lease, queue, sender, config, metrics, places::crowded, () -> stopping);
                prepare.accept(run);
                again = run.run();
            } catch (Problem unreachable) {
                LOG.debugf("a queue of webhooks waits for its lease to end: %s", unreachable.getMessage());
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "a queue of webhooks waits for its lease to end");
            } finally {
                places.leave(lease.tenant());
                if (again) {
                    told.raise();
                }
            }
        });
    }
}
