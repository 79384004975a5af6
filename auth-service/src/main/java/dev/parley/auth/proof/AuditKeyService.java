package dev.parley.auth.proof;

import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Keeps the keys that sign heads: a new one each year, the old ones for good, because they verify old exports. */
@ApplicationScoped
class AuditKeyService {
    private final Database database;
    private final AuditKeyRepository keys;
    private final ProofConfig config;
    private final Clock clock;
    private volatile @Nullable Ring ring;

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
        return ring().keys().stream()
                .map(AuditKey::pair)
                .filter(pair -> pair.getKeyId().equals(keyId))
                .findFirst();
    }

    /** All public keys as a JWK set. */
    String published() {
        JsonWebKeySet set = new JsonWebKeySet();
        ring().keys().forEach(key -> set.addJsonWebKey(key.pair()));
        return set.toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private Ring ring() {
        Ring known = ring;
        if (known != null && known.readAt().plus(config.keyRefresh()).isAfter(clock.instant())) {
            return known;
        }
        Ring current = new Ring(
                database.inTenant(TenantId.PLATFORM, handle -> {
                    List<AuditKey> all = keys.all(handle);
                    if (!due(all)) {
                        return all;
                    }
                    keys.lock(handle);
                    List<AuditKey> locked = new ArrayList<>(keys.all(handle));
                    if (due(locked)) {
                        AuditKey fresh = new AuditKey(generate(), clock.instant());
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

    private static EllipticCurveJsonWebKey generate() {
        try {
            EllipticCurveJsonWebKey pair = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            pair.setKeyId(Ids.next().toString());
            pair.setUse(Use.SIGNATURE);
            pair.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            return pair;
        } catch (JoseException impossible) {
            throw new IllegalStateException("this JDK has no P-256", impossible);
        }
    }

    private record Ring(List<AuditKey> keys, Instant readAt) {}
}
