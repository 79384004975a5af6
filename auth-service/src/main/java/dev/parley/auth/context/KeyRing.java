package dev.parley.auth.context;

import dev.parley.auth.signature.Es256;
import java.time.Instant;
import java.util.List;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** The keys in use at one moment. */
record KeyRing(List<SigningKey> keys, KeySchedule schedule) {
    /** The key to sign with. */
    EllipticCurveJsonWebKey signing(Instant now) {
        return keys.get(schedule.signing(now)).pair();
    }

    /** What verifiers read, as a JWK set without private halves. */
    String published(Instant now) {
        return Es256.published(schedule.published(now).stream()
                .map(place -> keys.get(place).pair())
                .toList());
    }

    @Override
    public String toString() {
        return "KeyRing" + keys;
    }
}
