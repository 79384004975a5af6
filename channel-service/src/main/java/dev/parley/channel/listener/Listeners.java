package dev.parley.channel.listener;

import dev.parley.channel.listener.ListenerRepository.Look;
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
 * Knows which tenants have, or had, an endpoint or a device, so that the events of all others cost nothing here. What it
 * says of an event is at least as new as the event: an endpoint that was there before is not missed. Events, endpoints
 * and looks have their times from databases, so a replica with a wrong clock misses nothing either.
 */
@ApplicationScoped
public class Listeners {
    /** Longer than any transaction: what was being committed at the last look is seen by this one. */
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Database database;
    private final ListenerRepository repository;
    private final Set<TenantId> withEndpoints = ConcurrentHashMap.newKeySet();
    private final Set<TenantId> withDevices = ConcurrentHashMap.newKeySet();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Instant lookedAt = Instant.EPOCH;
    private volatile long lookedNanos = System.nanoTime() - BETWEEN_LOOKS_NANOS;

    Listeners(Database database, ListenerRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    /**
     * Whether that tenant had an endpoint or a device when the event happened. Of a tenant with an endpoint it is not
     * looked whether it has a device too: its first one is known a second later.
     */
    public boolean any(TenantId tenant, Instant happened) {
        if (hasEndpoints(tenant)) {
            return true;
        }
        lookOnceAfter(happened);
        return hasEndpoints(tenant) || hasDevices(tenant);
    }

    /** Whether a tenant had an endpoint at the last look. */
    public boolean hasEndpoints(TenantId tenant) {
        return withEndpoints.contains(tenant);
    }

    /** Whether a tenant had a device at the last look. */
    public boolean hasDevices(TenantId tenant) {
        return withDevices.contains(tenant);
    }

    /** Looks again, for those who ask only what the last look saw. */
    public void look() {
        lookOnceAfter(lookedAt);
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
            Instant last = lookedAt;
            Look look = database.acrossTenants(handle -> last.equals(Instant.EPOCH)
                    ? repository.first(handle)
                    : repository.look(handle, last.minus(OVERLAP)));
            withEndpoints.addAll(look.withEndpoints());
            withDevices.addAll(look.withDevices());
            lookedAt = look.at();
        } finally {
            looking.unlock();
        }
    }
}
