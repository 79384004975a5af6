package dev.parley.auth.proof;

import dev.parley.auth.signature.Es256;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/** Signs heads and reads signed ones back; a head that anybody else signed is none. Not for use in a transaction. */
@ApplicationScoped
class HeadSignatures {
    static final String ISSUER = "parley-audit";
    static final String TYPE = "parley-audit-head+jwt";

    private final AuditKeyService keys;
    private final Clock clock;

    HeadSignatures(AuditKeyService keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The pen of this moment: it signs within a transaction without a look at the keys. */
    Pen pen() {
        return new Pen(keys.signing(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** The head in a JWS, if one of our keys signed it for that tenant. */
    Optional<SignedHead> read(TenantId tenant, String jws) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(new AlgorithmConstraints(
                    ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256));
            signature.setCompactSerialization(jws);
            Optional<EllipticCurveJsonWebKey> key = keys.verifying(String.valueOf(signature.getKeyIdHeaderValue()));
            if (key.isEmpty() || !TYPE.equals(signature.getHeader("typ"))) {
                return Optional.empty();
            }
            signature.setKey(key.get().getPublicKey());
            if (!signature.verifySignature()) {
                return Optional.empty();
            }
            JwtClaims claims = JwtClaims.parse(signature.getPayload());
            if (!ISSUER.equals(claims.getIssuer())
                    || !tenant.toString().equals(claims.getStringClaimValue("tenant_id"))) {
                return Optional.empty();
            }
            return Optional.of(new SignedHead(
                    claims.getClaimValue("seq", Number.class).longValue(),
                    claims.getStringClaimValue("hash"),
                    Instant.ofEpochSecond(claims.getIssuedAt().getValue()),
                    jws));
        } catch (JoseException | InvalidJwtException | MalformedClaimException forged) {
            return Optional.empty();
        }
    }

    /** A key and a time to sign with. */
    record Pen(EllipticCurveJsonWebKey key, Instant at) {
        SignedHead sign(TenantId tenant, long seq, String hash) {
            JwtClaims claims = new JwtClaims();
            claims.setIssuer(ISSUER);
            claims.setStringClaim("tenant_id", tenant.toString());
            claims.setClaim("seq", seq);
            claims.setStringClaim("hash", hash);
            claims.setIssuedAt(NumericDate.fromSeconds(at.getEpochSecond()));
            return new SignedHead(seq, hash, at, Es256.sign(key, TYPE, claims.toJson()));
        }
    }
}
