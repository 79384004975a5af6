package dev.parley.auth.proof;

import java.time.Instant;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** A key pair for ES256 that signs heads from its creation on, and verifies them for good. */
record AuditKey(EllipticCurveJsonWebKey pair, Instant createdAt) {
    @Override
    public String toString() {
        return "AuditKey[id=" + pair.getKeyId() + ", createdAt=" + createdAt + "]";
    }
}
