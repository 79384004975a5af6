package dev.parley.auth.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.auth.MovableClock;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KeycloakKeysTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final MovableClock clock = new MovableClock(START);
    private final CountDownLatch asked = new CountDownLatch(2);
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterAll
    static void end() {
        VERTX.close();
    }

    @Test
    void whileKeycloakHangsAnOldKeyVerifiesForAllButTheOneThatLooks() throws Exception {
        KeycloakKeys keys = keys();
        assertThat(keys.find("known")).isPresent();
        clock.set(START.plus(LIFETIME));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<PublicKey>> looking = threads.submit(() -> keys.find("known"));
            try {
                assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

                Future<Optional<PublicKey>> second = threads.submit(() -> keys.find("known"));

                assertThat(second.get(60, TimeUnit.SECONDS)).isPresent();
                assertThat(looking.isDone()).isFalse();
            } finally {
                hanging.countDown();
            }
            assertThat(looking.get(60, TimeUnit.SECONDS)).isPresent();
        }
    }

    /** Keys of a Keycloak that answers its first question and hangs on the second. */
    private KeycloakKeys keys() throws JoseException {
        RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
        key.setKeyId("known");
        String set = new JsonWebKeySet(key).toJson();
        KeycloakConfig config = (KeycloakConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeycloakConfig.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "keyLifetime" -> LIFETIME;
                    case "unknownKeyCooldown" -> Duration.ofSeconds(10);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return new KeycloakKeys(
                new KeycloakClient(config, new ObjectMapper(), clock, VERTX) {
                    @Override
                    public String certificates() {
                        asked.countDown();
                        if (asked.getCount() == 0) {
                            waitForKeycloak();
                        }
                        return set;
                    }
                },
                config,
                clock);
    }

    private void waitForKeycloak() {
        try {
            assertThat(hanging.await(120, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
