package dev.parley.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TenantContextVerifierTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    private final TenantContextVerifier verifier = new TenantContextVerifier(
            (jws, nesting) -> TestTokens.key().getPublicKey(), "agent-service", Clock.systemUTC());

    @Test
    void aValidContextNamesItsCaller() throws Exception {
        String token = TestTokens.member(TENANT, "owner");

        Caller caller = verifier.verify(token);

        assertThat(caller.tenant()).isEqualTo(TENANT);
        assertThat(caller.roles()).containsExactlyInAnyOrder("owner", "admin", "member");
        assertThat(verifier.remembered(token)).contains(caller);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void aForgedContextIsRefused(String how, String token) {
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(InvalidJwtException.class);
        assertThat(verifier.remembered(token)).isEmpty();
    }

    static Stream<Arguments> forged() throws Exception {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("other issuer", signed(claims -> claims.setIssuer("https://evil")));
        tokens.put("other audience", signed(claims -> claims.setAudience("other")));
        tokens.put("for other services", signed(claims -> claims.setAudience("policy-service", "channel-service")));
        tokens.put("no issuer", signed(claims -> claims.unsetClaim("iss")));
        tokens.put("no time of issue", signed(claims -> claims.unsetClaim("iat")));
        tokens.put(
                "issued in the future",
                signed(claims ->
                        claims.setIssuedAt(NumericDate.fromMilliseconds(System.currentTimeMillis() + 60_000))));
        tokens.put("no audience", signed(claims -> claims.unsetClaim("aud")));
        tokens.put("expired", signed(claims -> claims.setExpirationTime(NumericDate.fromSeconds(1_000_000))));
        tokens.put("no expiry", signed(claims -> claims.unsetClaim("exp")));
        tokens.put("expiry as text", signed(claims -> claims.setClaim("exp", "tomorrow")));
        tokens.put("not yet valid", signed(claims -> claims.setNotBeforeMinutesInThePast(-10)));
        tokens.put("valid for a year", signed(claims -> claims.setExpirationTimeMinutesInTheFuture(365 * 24 * 60)));
        tokens.put("subject of nobody", signed(claims -> claims.setSubject("")));
        tokens.put("no subject", signed(claims -> claims.unsetClaim("sub")));
        tokens.put("tenant is no uuid", signed(claims -> claims.setClaim("tenant_id", "' or 1=1")));
        tokens.put("roles as text", signed(claims -> claims.setClaim("roles", "owner")));
        tokens.put("other type", TestTokens.sign(valid(), null, "JWT"));
        EllipticCurveJsonWebKey stranger = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        stranger.setKeyId("test-key");
        tokens.put("another key under our key id", TestTokens.sign(valid(), stranger, TenantContextVerifier.TYPE));
        for (String member : List.of("jku", "x5u", "jwk", "x5c", "crit", "b64", "cty", "zip")) {
            tokens.put("a header " + member, withHeader(member));
        }
        tokens.put("no key id", withoutKeyId());
        tokens.put(
                "a header twice",
                header("{\"alg\":\"ES256\",\"alg\":\"none\",\"typ\":\"" + TenantContextVerifier.TYPE
                                + "\",\"kid\":\"test-key\"}")
                        + ".AAAA");
        tokens.put("huge", signed(claims -> claims.setClaim("x", "y".repeat(10_000))));
        tokens.put("HS256 with the public key", hs256());
        tokens.put("alg none", header("{\"alg\":\"none\",\"typ\":\"" + TenantContextVerifier.TYPE + "\"}") + ".");
        tokens.put("alg nOnE", header("{\"alg\":\"nOnE\",\"typ\":\"" + TenantContextVerifier.TYPE + "\"}") + ".");
        tokens.put("signature cut off", cut(TestTokens.member(TENANT, "owner")));
        tokens.put("payload changed", changed(TestTokens.member(TENANT, "member")));
        tokens.put("not a token", "abc");
        tokens.put("empty", "");
        return tokens.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static JwtClaims valid() {
        return TestTokens.claims(TENANT, "user", List.of("owner"), List.of());
    }

    private static String signed(java.util.function.Consumer<JwtClaims> change) {
        JwtClaims claims = valid();
        change.accept(claims);
        return TestTokens.sign(claims, null, TenantContextVerifier.TYPE);
    }

    private static JsonWebSignature es256() {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(valid().toJson());
        jws.setKey(TestTokens.key().getPrivateKey());
        jws.setHeader("typ", TenantContextVerifier.TYPE);
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        return jws;
    }

    private static String withHeader(String member) throws Exception {
        JsonWebSignature jws = es256();
        jws.setKeyIdHeaderValue("test-key");
        jws.setHeader(member, "https://evil.test");
        return jws.getCompactSerialization();
    }

    private static String withoutKeyId() throws Exception {
        return es256().getCompactSerialization();
    }

    private static String hs256() throws Exception {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(valid().toJson());
        jws.setKey(new HmacKey(TestTokens.key().getPublicKey().getEncoded()));
        jws.setHeader("typ", TenantContextVerifier.TYPE);
        jws.setKeyIdHeaderValue("test-key");
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        return jws.getCompactSerialization();
    }

    private static String header(String json) {
        return base64(json) + "." + base64(valid().toJson());
    }

    private static String cut(String token) {
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    private static String changed(String token) {
        String[] parts = token.split("\\.");
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        return parts[0] + "." + base64(payload.replace("\"member\"", "\"owner\"")) + "." + parts[2];
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
