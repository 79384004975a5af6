package dev.parley.auth.context;

import dev.parley.auth.signature.Es256;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps the signing keys: makes them ahead of time, hands them over with an overlap and deletes the old ones. */
@ApplicationScoped
class SigningKeyService {
    private final Database database;
    private final SigningKeyRepository keys;
    private final ContextConfig config;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable KeyRing ring;
    private volatile Instant readAt = Instant.EPOCH;

    SigningKeyService(Database database, SigningKeyRepository keys, ContextConfig config, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    /** Makes the first key before the first request needs it. */
    void prepare(@Observes StartupEvent start) {
        ring();
    }

    /** The keys in use; read from the database now and then, so that all replicas agree. */
    KeyRing ring() {
        KeyRing known = ring;
        return known != null && isFresh() ? known : read(known);
    }

    private KeyRing read(@Nullable KeyRing stale) {
        if (stale != null && !reading.tryLock()) {
            return stale;
        }
        if (stale == null) {
            reading.lock();
        }
        try {
            KeyRing known = ring;
            if (known != null && isFresh()) {
                return known;
            }
            KeyRing current = rotate();
            ring = current;
            readAt = clock.instant();
            return current;
        } finally {
            reading.unlock();
        }
    }

    private boolean isFresh() {
        return readAt.plus(config.keyRefresh()).isAfter(clock.instant());
    }

    /** Makes the key that is due, deletes those that nobody needs, and returns the rest. */
    KeyRing rotate() {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            KeyRing known = ring(keys.all(handle));
            Instant now = clock.instant();
            if (known.schedule().due(now).isEmpty()
                    && known.schedule().published(now).size() == known.keys().size()) {
                return known;
            }
            keys.lockRotation(handle);
            List<SigningKey> kept = new ArrayList<>();
            KeyRing locked = ring(keys.all(handle));
            List<Integer> published = locked.schedule().published(now);
            for (int place = 0; place < locked.keys().size(); place++) {
                SigningKey key = locked.keys().get(place);
                if (published.contains(place)) {
                    kept.add(key);
                } else {
                    keys.delete(handle, key.pair().getKeyId());
                }
            }
            locked.schedule().due(now).ifPresent(signingFrom -> {
                SigningKey fresh = new SigningKey(Es256.generate(), signingFrom);
                keys.insert(handle, fresh);
                kept.add(fresh);
            });
            return ring(kept);
        });
    }

    @Scheduled(every = "10m", delayed = "5m", identity = "signing-key-rotation")
    void rotateInTime() {
        ring();
    }

    private KeyRing ring(List<SigningKey> all) {
        List<Instant> times = all.stream().map(SigningKey::signingFrom).toList();
        return new KeyRing(List.copyOf(all), new KeySchedule(times, config.keyLifetime(), config.keyOverlap()));
    }
}
