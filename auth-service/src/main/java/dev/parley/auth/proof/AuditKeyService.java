package dev.parley.auth.proof;

import dev.parley.auth.signature.Es256;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jspecify.annotations.Nullable;

/** Keeps the keys that sign heads: a new one each year, the old ones for good, because they verify old exports. */
@ApplicationScoped
class AuditKeyService {
    /** So that heads with invented keys do not make us read all the time. */
    private static final Duration UNKNOWN_KEY_COOLDOWN = Duration.ofSeconds(1);

    private final Database database;
    private final AuditKeyRepository keys;
    private final ProofConfig config;
    private final Clock clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Ring ring;
    private Instant lookedAt = Instant.EPOCH;

    AuditKeyService(Database database, AuditKeyRepository keys, ProofConfig config, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    /** The key to sign with now. Never call it within a transaction. */
    EllipticCurveJsonWebKey signing() {
        return ring().keys().getLast().pair();
    }

    /** The key with an id, whatever its age. Never call it within a transaction. */
    Optional<EllipticCurveJsonWebKey> verifying(String keyId) {
        return ring().find(keyId).or(() -> look(keyId));
    }

    /** A key signs as soon as it is made, maybe by another replica after we have read the keys. */
    private Optional<EllipticCurveJsonWebKey> look(String keyId) {
        looking.lock();
        try {
            Optional<EllipticCurveJsonWebKey> known = ring().find(keyId);
            Instant now = clock.instant();
            if (known.isPresent() || lookedAt.plus(UNKNOWN_KEY_COOLDOWN).isAfter(now)) {
                return known;
            }
            Ring current = read();
            lookedAt = now;
            return current.find(keyId);
        } finally {
            looking.unlock();
        }
    }

    /** All public keys as a JWK set. */
    String published() {
        return Es256.published(ring().keys().stream().map(AuditKey::pair).toList());
    }

    private Ring ring() {
        Ring known = ring;
        if (known != null && known.readAt().plus(config.keyRefresh()).isAfter(clock.instant())) {
            return known;
        }
        return read();
    }

    private Ring read() {
        Ring current = new Ring(
                database.inTenant(TenantId.PLATFORM, handle -> {
                    List<AuditKey> all = keys.all(handle);
                    if (!due(all)) {
                        return all;
                    }
                    keys.lock(handle);
                    List<AuditKey> locked = new ArrayList<>(keys.all(handle));
                    if (due(locked)) {
                        AuditKey fresh = new AuditKey(Es256.generate(), clock.instant());
                        keys.insert(handle, fresh);
                        locked.add(fresh);
                    }
                    return locked;
                }),
                clock.instant());
        ring = current;
        return current;
    }

    private boolean due(List<AuditKey> all) {
        return all.isEmpty()
                || !all.getLast().createdAt().plus(config.keyLifetime()).isAfter(clock.instant());
    }

    private record Ring(List<AuditKey> keys, Instant readAt) {
        Optional<EllipticCurveJsonWebKey> find(String keyId) {
            return keys.stream()
                    .map(AuditKey::pair)
                    .filter(pair -> pair.getKeyId().equals(keyId))
                    .findFirst();
        }
    }
}
