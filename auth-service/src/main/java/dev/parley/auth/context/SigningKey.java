package dev.parley.auth.context;

import java.time.Instant;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** A key pair for ES256 and since when it signs. */
record SigningKey(EllipticCurveJsonWebKey pair, Instant signingFrom) {
    @Override
    public String toString() {
        return "SigningKey[id=" + pair.getKeyId() + ", signingFrom=" + signingFrom + "]";
    }
}
