package dev.parley.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tenant contexts: ES256 by a key of auth-service, issuer, this service as audience, type and time. A token that was
 * verified is remembered until it expires, because a signature check costs more than the request that carries it.
 */
@ApplicationScoped
public class TenantContextVerifier {
    /** The issuer of tenant contexts. */
    public static final String ISSUER = "parley-auth";

    /** Whom a tenant context can be for: each service takes those that name it. */
    public static final Set<String> AUDIENCES =
            Set.of("auth-service", "policy-service", "agent-service", "billing-service", "channel-service");

    /** The {@code typ} header of tenant contexts. */
    public static final String TYPE = "parley-context+jwt";

    private static final int LEEWAY_SECONDS = 5;
    private static final int LONGEST_LIFE_MINUTES = 60;
    private static final int LONGEST_TOKEN = 8 * 1024;
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "kid");
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final long UNKNOWN_KEY_COOLDOWN_MILLIS = 10_000;

    private final JwtConsumer consumer;
    private final Clock clock;
    private final Cache<String, Verified> verified =
            Caffeine.newBuilder().maximumSize(20_000).build();

    @jakarta.inject.Inject
    TenantContextVerifier(
            @ConfigProperty(name = "parley.service.url.auth-service") String authUrl,
            @ConfigProperty(name = "quarkus.application.name") String service,
            Clock clock) {
        this(jwks(authUrl + "/internal/jwks", UNKNOWN_KEY_COOLDOWN_MILLIS), service, clock);
    }

    /** Verifies contexts for that service with the keys that the resolver finds. */
    public TenantContextVerifier(VerificationKeyResolver keys, String service, Clock clock) {
        this.clock = clock;
        this.consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(keys)
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256))
                .setExpectedType(true, TYPE)
                .setExpectedIssuer(true, ISSUER)
                .setExpectedAudience(true, service)
                .setRequireExpirationTime()
                .setMaxFutureValidityInMinutes(LONGEST_LIFE_MINUTES)
                .setRequireIssuedAt()
                .setIssuedAtRestrictions(LEEWAY_SECONDS, Integer.MAX_VALUE)
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(LEEWAY_SECONDS)
                .build();
    }

    /** The keys at an address; one that is not among them makes it ask again, at most once in that time. */
    static VerificationKeyResolver jwks(String location, long unknownKeyCooldownMillis) {
        HttpsJwks keys = new HttpsJwks(location);
        keys.setDefaultCacheDuration(300);
        keys.setRefreshReprieveThreshold(unknownKeyCooldownMillis);
        keys.setRetainCacheOnErrorDuration(3600);
        return new HttpsJwksVerificationKeyResolver(keys);
    }

    /** The caller of a token that was verified before and has not expired; never blocks. */
    public Optional<Caller> remembered(String token) {
        Verified known = verified.getIfPresent(token);
        if (known == null) {
            return Optional.empty();
        }
        if (known.expiresAt() <= clock.instant().getEpochSecond()) {
            verified.invalidate(token);
            return Optional.empty();
        }
        return Optional.of(known.caller());
    }

    /** Verifies a token, fetching keys when needed; throws {@link InvalidJwtException} for anything but a valid one. */
    public Caller verify(String token) throws InvalidJwtException {
        if (!hasPlainHeader(token)) {
            throw refused("unexpected header", null);
        }
        JwtClaims claims = consumer.processToClaims(token);
        try {
            Caller caller = caller(claims);
            verified.put(token, new Verified(caller, claims.getExpirationTime().getValue()));
            return caller;
        } catch (MalformedClaimException | IllegalArgumentException malformed) {
            throw refused("malformed claim", malformed);
        }
    }

    /** Whether the header has only what auth-service writes: whatever else it asks for is no business of ours. */
    private static boolean hasPlainHeader(String token) {
        if (token.length() > LONGEST_TOKEN || !COMPACT.matcher(token).matches()) {
            return false;
        }
        try {
            byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
            Map<String, Object> members = JsonUtil.parseJson(new String(header, StandardCharsets.UTF_8));
            return members.keySet().equals(HEADER_MEMBERS);
        } catch (JoseException | IllegalArgumentException malformed) {
            return false;
        }
    }

    private static InvalidJwtException refused(String why, @Nullable Throwable cause) {
        return new InvalidJwtException(why, new ErrorCodeValidator.Error(ErrorCodes.MISCELLANEOUS, why), cause, null);
    }

    private static Caller caller(JwtClaims claims) throws MalformedClaimException {
        String tenant = claims.getStringClaimValue("tenant_id");
        if (claims.getSubject().isBlank()) {
            throw new IllegalArgumentException("the subject is blank");
        }
        return new Caller(
                tenant == null ? null : TenantId.of(tenant),
                claims.getSubject(),
                claims.hasClaim("auth_provider") ? claims.getStringClaimValue("auth_provider") : "service",
                strings(claims, "roles"),
                strings(claims, "scopes"),
                access(claims));
    }

    private static @Nullable StaffAccess access(JwtClaims claims) throws MalformedClaimException {
        return claims.hasClaim("access_id")
                ? new StaffAccess(
                        UUID.fromString(claims.getStringClaimValue("access_id")),
                        Objects.requireNonNullElse(claims.getStringClaimValue("access_reason"), ""),
                        claims.getStringClaimValue("access_ticket"),
                        Instant.ofEpochSecond(
                                claims.getNumericDateClaimValue("access_until").getValue()))
                : null;
    }

    private static Set<String> strings(JwtClaims claims, String name) throws MalformedClaimException {
        return claims.hasClaim(name) ? Set.copyOf(new HashSet<>(claims.getStringListClaimValue(name))) : Set.of();
    }

    private record Verified(Caller caller, long expiresAt) {}
}
