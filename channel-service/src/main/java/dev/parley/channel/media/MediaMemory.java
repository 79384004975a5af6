package dev.parley.channel.media;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How much of this process's memory media may have at a time, whoever sends them: who gets no share comes later. One
 * tenant has half of it at most, unless it asks for one thing that is larger.
 */
@ApplicationScoped
class MediaMemory {
    private static final int UNIT = 1024;
    /** With less than that left nothing is begun. */
    private static final int FEW = 1024;

    private final int units;
    private final Semaphore free;
    private final ConcurrentHashMap<TenantId, Integer> used = new ConcurrentHashMap<>();

    MediaMemory(MediaConfig config) {
        this.units = Math.toIntExact(config.memory().asLongValue() / UNIT);
        this.free = new Semaphore(units);
    }

    /** Whether it is of no use to begin anything now. */
    boolean busy() {
        return free.availablePermits() < FEW;
    }

    /** A share of that many bytes, to be given back; empty when there is none within that time. */
    Optional<Share> take(TenantId tenant, long bytes, Duration patience) {
        int wanted = (int) Math.clamp(bytes / UNIT + 1, 1, units);
        if (!mayHave(tenant, wanted)) {
            return Optional.empty();
        }
        try {
            if (free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of(new Share(tenant, wanted));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        leave(tenant, wanted);
        return Optional.empty();
    }

    private boolean mayHave(TenantId tenant, int wanted) {
        AtomicBoolean granted = new AtomicBoolean();
        used.compute(tenant, (id, has) -> {
            int before = has == null ? 0 : has;
            granted.set(before == 0 || before + wanted <= units / 2);
            return granted.get() ? Integer.valueOf(before + wanted) : has;
        });
        return granted.get();
    }

    private void leave(TenantId tenant, int had) {
        used.computeIfPresent(tenant, (id, has) -> has == had ? null : has - had);
    }

    /** A share of the memory; closing it gives it back, once. */
    final class Share implements AutoCloseable {
        private final TenantId tenant;
        private final int had;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Share(TenantId tenant, int had) {
            this.tenant = tenant;
            this.had = had;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                free.release(had);
                leave(tenant, had);
            }
        }
    }
}
