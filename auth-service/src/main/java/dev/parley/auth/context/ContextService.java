package dev.parley.auth.context;

import dev.parley.auth.signature.Es256;
import dev.parley.platform.id.Ids;
import dev.parley.platform.security.TenantContextVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

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
                Es256.sign(keys.ring().signing(now), TenantContextVerifier.TYPE, claims.toJson()),
                expiresAt.getEpochSecond() - now.getEpochSecond());
    }

    String keySet() {
        return keys.ring().published(clock.instant());
    }

    record SignedContext(String token, long expiresIn) {}
}
