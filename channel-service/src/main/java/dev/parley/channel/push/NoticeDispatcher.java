package dev.parley.channel.push;

import dev.parley.channel.listener.Listeners;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Looks which tenants have notices that are due, and has them sent; a slow vendor of one holds up no other. */
@ApplicationScoped
class NoticeDispatcher {
    private static final Logger LOG = Logger.getLogger(NoticeDispatcher.class);
    /** Vendors of notices answer at once or not at all. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final NoticeService notices;
    private final NoticeFlow flow;
    private final Listeners listeners;
    private final PushConfig config;
    private final Set<TenantId> served = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    NoticeDispatcher(NoticeService notices, NoticeFlow flow, Listeners listeners, PushConfig config) {
        this.notices = notices;
        this.flow = flow;
        this.listeners = listeners;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        Thread.ofVirtual().name("push-dispatcher").start(this::run);
    }

    /** What was taken is sent and noted: nobody could say later what became of it. */
    void stop(@Observes ShutdownEvent stopped) {
        stopping = true;
        flow.stop();
        long giveUp = System.nanoTime() + FAREWELL.toNanos();
        while (!served.isEmpty() && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private void run() {
        while (!stopping) {
            LockSupport.parkNanos(config.interval().toNanos());
            try {
                // Replicas that only answer requests learn here who has devices, so that reading live is noted there
                // too.
                listeners.look();
                notices.tenantsWithDue().forEach(this::serve);
            } catch (Problem unreachable) {
                LOG.debugf("notices wait: %s", unreachable.getMessage());
            } catch (RuntimeException | Error failure) {
                if (!stopping) {
                    LOG.warnf(failure, "notices wait");
                }
            }
        }
    }

    /** Has a tenant's notices sent, unless that is going on; returns at once. */
    void serve(TenantId tenant) {
        if (stopping || !served.add(tenant)) {
            return;
        }
        Thread.ofVirtual().name("push").start(() -> {
            try {
                flow.send(tenant);
            } catch (RuntimeException failure) {
                LOG.warnf("notices of tenant %s wait: %s", tenant, failure.getMessage());
            } finally {
                served.remove(tenant);
            }
        });
    }
}
