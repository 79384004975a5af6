package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Target;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusMock;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Replicas that die at the worst moment, once in a test: what they would have done next is not done. */
public final class Deaths {
    private Deaths() {}

    /** Dies when an event was sent, and nothing says so yet. */
    public static void beforeStoring() {
        QuarkusMock.installMockForType(new ForgetfulRepository(of(Database.class)), TellRepository.class);
    }

    /** Dies when it is stored that an event has no answer yet, before anybody waits for the answer. */
    public static void beforeWaiting() {
        QuarkusMock.installMockForType(
                new DeafDispatcher(
                        of(QueueService.class),
                        of(WebhookSender.class),
                        of(DeliveryConfig.class),
                        of(DeliveryMetrics.class)),
                Dispatcher.class);
    }

    /** Dies when an event waits in a queue that sleeps; then this happens. */
    public static void beforeWaking(Runnable then) {
        QuarkusMock.installMockForType(new SleepyRepository(of(Database.class), then), TellRepository.class);
    }

    private static <T> T of(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    @Vetoed
    private static final class ForgetfulRepository extends TellRepository {
        private final AtomicBoolean died = new AtomicBoolean();

        ForgetfulRepository(Database database) {
            super(database);
        }

        @Override
        Stored store(TenantId tenant, List<Happening> events, List<End> ends, List<Row> rows, Duration lease) {
            if (died.compareAndSet(false, true)) {
                throw new IllegalStateException("dead");
            }
            return super.store(tenant, events, ends, rows, lease);
        }
    }

    @Vetoed
    private static final class SleepyRepository extends TellRepository {
        private final AtomicBoolean died = new AtomicBoolean();
        private final Runnable then;

        SleepyRepository(Database database, Runnable then) {
            super(database);
            this.then = then;
        }

        @Override
        boolean wake(TenantId tenant, Collection<UUID> endpoints) {
            if (died.compareAndSet(false, true)) {
                then.run();
                throw new IllegalStateException("dead");
            }
            return super.wake(tenant, endpoints);
        }
    }

    @Vetoed
    private static final class DeafDispatcher extends Dispatcher {
        DeafDispatcher(QueueService queue, WebhookSender sender, DeliveryConfig config, DeliveryMetrics metrics) {
            super(queue, sender, config, metrics);
        }

        @Override
        void adopt(Lease lease, Target target, List<Call> calls, Consumer<Consumer<Call>> inheritance) {}
    }
}
