package dev.parley.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A verifier and the published keys, as they change under it. */
class KeyRotationTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final long COOLDOWN_MILLIS = 300;

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile List<EllipticCurveJsonWebKey> published = List.of();
    private HttpServer server;
    private TenantContextVerifier verifier;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/internal/jwks", exchange -> {
            fetches.incrementAndGet();
            byte[] keys = new JsonWebKeySet(published.toArray(EllipticCurveJsonWebKey[]::new))
                    .toJson(OutputControlLevel.PUBLIC_ONLY)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/internal/jwks";
        verifier = new TenantContextVerifier(
                TenantContextVerifier.jwks(url, COOLDOWN_MILLIS), "agent-service", Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static EllipticCurveJsonWebKey key(String id) throws Exception {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        key.setUse("sig");
        key.setAlgorithm("ES256");
        return key;
    }

    private static String token(EllipticCurveJsonWebKey key, long secondsToLive) {
        JwtClaims claims = TestTokens.claims(TENANT, "user", List.of("member"), List.of("read"));
        claims.setExpirationTime(NumericDate.fromMilliseconds(System.currentTimeMillis() + 1000 * secondsToLive));
        return TestTokens.sign(claims, key, TenantContextVerifier.TYPE);
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(COOLDOWN_MILLIS + 50);
    }

    @Test
    void requestsPassAcrossARotationAndTheOldKeysTokensLiveUntilTheyExpire() throws Exception {
        EllipticCurveJsonWebKey first = key("first");
        EllipticCurveJsonWebKey second = key("second");
        published = List.of(first);
        String old = token(first, 300);
        verifier.verify(old);

        published = List.of(first, second);
        pause();

        assertThat(verifier.verify(token(second, 300)).tenant()).isEqualTo(TENANT);
        assertThat(verifier.verify(token(first, 300)).tenant()).isEqualTo(TENANT);
        assertThat(verifier.remembered(old)).isPresent();
        assertThatThrownBy(() -> verifier.verify(token(first, -10))).isInstanceOf(InvalidJwtException.class);
    }

    @Test
    void aKeyThatIsNoLongerPublishedVerifiesNothingNew() throws Exception {
        EllipticCurveJsonWebKey first = key("first");
        EllipticCurveJsonWebKey second = key("second");
        published = List.of(first);
        verifier.verify(token(first, 300));
        published = List.of(second);
        pause();

        verifier.verify(token(second, 300));

        assertThatThrownBy(() -> verifier.verify(token(first, 300))).isInstanceOf(InvalidJwtException.class);
    }

    @Test
    void unknownKeyIdsAskOncePerCooldown() throws Exception {
        published = List.of(key("first"));
        verifier.verify(token(published.getFirst(), 300));
        List<String> forged = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            forged.add(token(key("unknown-" + i), 300));
        }
        pause();
        int before = fetches.get();
        long began = System.nanoTime();

        for (String token : forged) {
            assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(InvalidJwtException.class);
        }

        long cooldowns = (System.nanoTime() - began) / 1_000_000 / COOLDOWN_MILLIS;
        assertThat(fetches.get() - before).isBetween(1, (int) cooldowns + 2);
    }
}
