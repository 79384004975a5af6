package dev.parley.auth.outbound;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The realm's signing keys, kept in memory. A key id that is not known leads to one look at Keycloak per cool-down,
 * however many tokens name it, so that forged tokens cannot make us hammer Keycloak.
 */
@ApplicationScoped
public class KeycloakKeys {
    private static final Duration FIRST_LOOK_COOLDOWN = Duration.ofSeconds(1);

    private final KeycloakClient keycloak;
    private final KeycloakConfig config;
    private final Clock clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Known known = new Known("{\"keys\":[]}", Map.of());
    private volatile Instant lookedAt = Instant.EPOCH;
    private volatile Instant readAt = Instant.EPOCH;

    KeycloakKeys(KeycloakClient keycloak, KeycloakConfig config, Clock clock) {
        this.keycloak = keycloak;
        this.config = config;
        this.clock = clock;
    }

    /** The RS256 key with that id, or empty; a 503 problem while no key could ever be read. */
    public Optional<PublicKey> find(String keyId) {
        return Optional.ofNullable(knowing(keyId).byId().get(keyId));
    }

    /** The whole JWK set, containing the key with that id when Keycloak has it. */
    public String set(String keyId) {
        return knowing(keyId).json();
    }

    private Known knowing(String keyId) {
        Known now = known;
        if (!now.byId().containsKey(keyId)) {
            looking.lock();
        } else if (isFresh() || !looking.tryLock()) {
            // A key that is only old is as good until whoever looks already is back.
            return now;
        }
        try {
            return look(keyId);
        } finally {
            looking.unlock();
        }
    }

    private boolean isFresh() {
        return readAt.plus(config.keyLifetime()).isAfter(clock.instant());
    }

    private Known look(String keyId) {
        try {
            Known now = known;
            boolean empty = now.byId().isEmpty();
            Duration cooldown = empty ? FIRST_LOOK_COOLDOWN : config.unknownKeyCooldown();
            if (now.byId().containsKey(keyId) && isFresh()) {
                return now;
            }
            if (lookedAt.isAfter(clock.instant().minus(cooldown))) {
                return remembered(now, new IllegalStateException("no key yet, and Keycloak was asked just now"));
            }
            lookedAt = clock.instant();
            known = read(keycloak.certificates());
            readAt = lookedAt;
            return known;
        } catch (Problem unavailable) {
            return remembered(known, unavailable);
        }
    }

    private static Known remembered(Known now, RuntimeException reason) {
        if (now.byId().isEmpty()) {
            throw CommonProblem.unavailable("the identity provider", reason);
        }
        return now;
    }

    static Known read(String set) {
        try {
            Map<String, PublicKey> keys = new HashMap<>();
            for (JsonWebKey key : new JsonWebKeySet(set).getJsonWebKeys()) {
                boolean signs = key.getUse() == null || "sig".equals(key.getUse());
                boolean rs256 = key.getAlgorithm() == null || "RS256".equals(key.getAlgorithm());
                if (key instanceof RsaJsonWebKey rsa && signs && rs256 && rsa.getKeyId() != null) {
                    keys.put(rsa.getKeyId(), rsa.getRsaPublicKey());
                }
            }
            return new Known(set, Map.copyOf(keys));
        } catch (JoseException malformed) {
            throw new IllegalStateException("Keycloak's key set cannot be read", malformed);
        }
    }

    record Known(String json, Map<String, PublicKey> byId) {}
}
