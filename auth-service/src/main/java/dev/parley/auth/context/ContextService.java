package dev.parley.auth.context;

import dev.parley.platform.id.Ids;
import dev.parley.platform.security.TenantContextVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Signs tenant contexts and publishes the keys that verify them. */
@ApplicationScoped
class ContextService {
    private final SigningKeyService keys;
    private final ContextConfig config;
    private final Clock clock;

    ContextService(SigningKeyService keys, ContextConfig config, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.clock = clock;
    }

    SignedContext sign(TenantContext context, Set<String> audiences) {
        Instant now = clock.instant();
        Instant end = now.plus(config.lifetime());
        Instant expiresAt = context.notAfter().isBefore(end) ? context.notAfter() : end;
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(TenantContextVerifier.ISSUER);
        claims.setAudience(List.copyOf(new TreeSet<>(audiences)));
        claims.setSubject(context.subject());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        claims.setJwtId(Ids.next().toString());
        if (context.tenant() != null) {
            claims.setStringClaim("tenant_id", context.tenant().toString());
        }
        if (context.sessionId() != null) {
            claims.setStringClaim("sid", context.sessionId());
        }
        claims.setStringClaim("auth_provider", context.authProvider());
        claims.setStringListClaim("roles", List.copyOf(context.roles()));
        claims.setStringListClaim("scopes", List.copyOf(context.scopes()));
        if (context.access() != null) {
            claims.setStringClaim("access_id", context.access().id().toString());
            claims.setStringClaim("access_reason", context.access().reason());
            claims.setStringClaim("access_ticket", context.access().ticket());
            claims.setClaim("access_until", context.access().until().getEpochSecond());
        }
        return new SignedContext(
                signed(claims, keys.ring().signing(now)), expiresAt.getEpochSecond() - now.getEpochSecond());
    }

    String keySet() {
        return keys.ring().published(clock.instant());
    }

    private static String signed(JwtClaims claims, EllipticCurveJsonWebKey key) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setHeader("typ", TenantContextVerifier.TYPE);
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException failed) {
            throw new IllegalStateException("a tenant context cannot be signed", failed);
        }
    }

    record SignedContext(String token, long expiresIn) {}
}
