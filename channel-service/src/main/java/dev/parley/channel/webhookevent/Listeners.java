package dev.parley.channel.webhookevent;

import dev.parley.channel.webhookevent.ListenerRepository.Look;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Knows which tenants have, or had, an endpoint, so that the events of all others cost nothing here. What it says of an
 * event is at least as new as the event: an endpoint that was there before is not missed. Events, queues and looks have
 * their times from databases, so a replica with a wrong clock misses nothing either.
 */
@ApplicationScoped
class Listeners {
    /** Longer than any transaction: what was being committed at the last look is seen by this one. */
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Database database;
    private final ListenerRepository repository;
    private final Set<TenantId> known = ConcurrentHashMap.newKeySet();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Instant lookedAt = Instant.EPOCH;
    private volatile long lookedNanos = System.nanoTime() - BETWEEN_LOOKS_NANOS;

    Listeners(Database database, ListenerRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    /** Whether that tenant had an endpoint when the event happened. */
    boolean any(TenantId tenant, Instant happened) {
        if (known.contains(tenant)) {
            return true;
        }
        lookOnceAfter(happened);
        return known.contains(tenant);
    }

    private void lookOnceAfter(Instant moment) {
        if (lookedAt.isAfter(moment)) {
            return;
        }
        looking.lock();
        try {
            if (lookedAt.isAfter(moment)) {
                return;
            }
            LockSupport.parkNanos(lookedNanos + BETWEEN_LOOKS_NANOS - System.nanoTime());
            lookedNanos = System.nanoTime();
            Instant since = lookedAt.equals(Instant.EPOCH) ? lookedAt : lookedAt.minus(OVERLAP);
            Look look = database.acrossTenants(handle -> repository.look(handle, since));
            known.addAll(look.tenants());
            lookedAt = look.at();
        } finally {
            looking.unlock();
        }
    }
}
