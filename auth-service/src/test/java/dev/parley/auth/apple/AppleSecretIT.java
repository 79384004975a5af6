package dev.parley.auth.apple;

import static dev.parley.auth.Story.keycloak;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.auth.AuthTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class AppleSecretIT {
    @Inject
    AppleSecretFlow secret;

    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    @Test
    void aSecretThatEndsSoonIsReplacedOnceAndOneThatCannotBeIsAnAlarm() throws Exception {
        ending(Duration.ofDays(20));
        keycloak("set", Map.of("fault", Map.of("providers", 503)));
        secret.rotate();
        assertThat(secret.isAlarming()).isTrue();
        health(true);

        keycloak("set", Map.of());
        secret.rotate();
        JsonNode settings = settings();
        assertThat(settings.path("clientId").asText()).isEqualTo("com.example.parley");
        assertThat(SignedJWT.parse(settings.path("clientSecret").asText())
                        .getJWTClaimsSet()
                        .getExpirationTime())
                .isAfter(java.util.Date.from(Instant.now().plus(Duration.ofDays(149))));
        assertThat(secret.isAlarming()).isFalse();
        health(false);

        secret.rotate();
        assertThat(settings()).isEqualTo(settings);
    }

    private static void health(boolean alarm) {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'apple-client-secret' }.data.alarm", equalTo(alarm));
    }

    private static void ending(Duration left) {
        keycloak(
                "provider",
                Map.of(
                        "alias",
                        "apple",
                        "config",
                        Map.of(
                                "clientId",
                                "com.example.parley",
                                "clientSecret",
                                "**********",
                                "parleySecretExpiresAt",
                                Instant.now().plus(left).toString())));
    }

    private static JsonNode settings() {
        return keycloak("providers", Map.of()).path("apple").path("config");
    }
}
