package dev.parley.auth.identity;

import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.outbound.KeycloakConfig;
import dev.parley.auth.outbound.KeycloakKeys;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Verifies access tokens of Keycloak: RS256 only, by a key of the realm, with issuer, audience, authorized party,
 * token type and time. Whatever else a token's header asks for refuses it.
 */
@ApplicationScoped
public class AccessTokens {
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int LEEWAY_SECONDS = 30;
    private static final int LONGEST_LIFE_MINUTES = 24 * 60;
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "kid");
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final KeycloakKeys keys;
    private final KeycloakConfig config;
    private final String issuer;
    private final Clock clock;

    AccessTokens(KeycloakKeys keys, KeycloakConfig config, KeycloakClient keycloak, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.issuer = keycloak.issuer();
        this.clock = clock;
    }

    /** Whose token this is, or empty for anything but a valid access token; a 503 problem while no key is known. */
    public Optional<ProvenPerson> verify(String token) {
        return keyId(token).flatMap(keys::find).flatMap(key -> verify(token, key));
    }

    private Optional<ProvenPerson> verify(String token, Key key) {
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setVerificationKey(key)
                    .setJwsAlgorithmConstraints(
                            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256))
                    .setExpectedType(true, "JWT")
                    .setExpectedIssuer(true, issuer)
                    .setExpectedAudience(true, config.audience())
                    .setRequireSubject()
                    .setRequireExpirationTime()
                    .setMaxFutureValidityInMinutes(LONGEST_LIFE_MINUTES)
                    .setRequireIssuedAt()
                    .setIssuedAtRestrictions(LEEWAY_SECONDS, Integer.MAX_VALUE)
                    .setAllowedClockSkewInSeconds(LEEWAY_SECONDS)
                    .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                    .build()
                    .processToClaims(token);
            return person(claims);
        } catch (InvalidJwtException | MalformedClaimException | IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private Optional<ProvenPerson> person(JwtClaims claims) throws MalformedClaimException {
        boolean accessToken = "Bearer".equals(claims.getStringClaimValue("typ"));
        boolean knownParty = config.authorizedParties().contains(claims.getStringClaimValue("azp"));
        if (!accessToken || !knownParty) {
            return Optional.empty();
        }
        String email = claims.getStringClaimValue("email");
        String name = claims.getStringClaimValue("name");
        String provider = claims.getStringClaimValue("identity_provider");
        return Optional.of(new ProvenPerson(
                UUID.fromString(claims.getSubject()),
                EmailAddress.parse(email).map(EmailAddress::value).orElse(null),
                Boolean.TRUE.equals(claims.getClaimValue("email_verified")),
                name == null ? "" : name,
                provider == null ? "password" : provider,
                realmRoles(claims).contains(Caller.PLATFORM_ADMIN),
                claims.getStringClaimValue("sid"),
                Instant.ofEpochSecond(claims.getExpirationTime().getValue())));
    }

    private static List<?> realmRoles(JwtClaims claims) {
        return claims.getClaimValue("realm_access") instanceof Map<?, ?> access
                        && access.get("roles") instanceof List<?> roles
                ? roles
                : List.of();
    }

    /** The key id of a token in compact form whose header has only the members that Keycloak writes. */
    private static Optional<String> keyId(String token) {
        if (token.length() > LONGEST_TOKEN || !COMPACT.matcher(token).matches()) {
            return Optional.empty();
        }
        try {
            byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
            Map<String, Object> members = JsonUtil.parseJson(new String(header, StandardCharsets.UTF_8));
            return HEADER_MEMBERS.containsAll(members.keySet()) && members.get("kid") instanceof String id
                    ? Optional.of(id)
                    : Optional.empty();
        } catch (JoseException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
