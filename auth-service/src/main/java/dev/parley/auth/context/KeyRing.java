package dev.parley.auth.context;

import java.time.Instant;
import java.util.List;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;

/** The keys in use at one moment. */
record KeyRing(List<SigningKey> keys, KeySchedule schedule) {
    /** The key to sign with. */
    EllipticCurveJsonWebKey signing(Instant now) {
        return keys.get(schedule.signing(now)).pair();
    }

    /** What verifiers read, as a JWK set without private halves. */
    String published(Instant now) {
        JsonWebKeySet set = new JsonWebKeySet();
        schedule.published(now)
                .forEach(place -> set.addJsonWebKey(keys.get(place).pair()));
        return set.toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    @Override
    public String toString() {
        return "KeyRing" + keys;
    }
}
