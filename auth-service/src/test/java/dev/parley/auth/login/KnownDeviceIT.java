package dev.parley.auth.login;

import static dev.parley.auth.Story.PASSWORD;
import static dev.parley.auth.Story.keycloak;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class KnownDeviceIT {
    @Test
    void theOwnersDevicePassesALockThatOthersBrought() {
        Story.Person owner = Story.newcomer();
        String device = login(owner.email(), PASSWORD, null).header("X-Device-Token");
        String others = login(Story.newcomer().email(), PASSWORD, null).header("X-Device-Token");
        keycloak("lock", Map.of("email", owner.email()));

        assertThat(login(owner.email(), PASSWORD, null).statusCode()).isEqualTo(401);
        assertThat(login(owner.email(), PASSWORD, others).statusCode()).isEqualTo(401);
        assertThat(login(owner.email(), PASSWORD, "made-up").statusCode()).isEqualTo(401);

        Response passed = login(owner.email(), PASSWORD, device);
        assertThat(passed.statusCode()).isEqualTo(200);
        assertThat(passed.header("X-Device-Token")).isEqualTo(device);
    }

    @Test
    void aDeviceThatGuessesIsKnownNoMore() {
        Story.Person owner = Story.newcomer();
        String device = login(owner.email(), PASSWORD, null).header("X-Device-Token");
        for (int i = 0; i < 10; i++) {
            assertThat(login(owner.email(), "wrong " + i, device).statusCode()).isEqualTo(401);
        }
        keycloak("lock", Map.of("email", owner.email()));

        assertThat(login(owner.email(), PASSWORD, device).statusCode()).isEqualTo(401);
    }

    @Test
    void aDeviceOpensTenLocksAndNoMoreUntilItsNextGoodLogin() {
        Story.Person owner = Story.newcomer();
        String device = login(owner.email(), PASSWORD, null).header("X-Device-Token");
        for (int i = 0; i < 10; i++) {
            keycloak("lock", Map.of("email", owner.email()));
            beginInBrowser(device);
            assertThat(login(owner.email(), PASSWORD, null).statusCode()).isEqualTo(200);
        }

        keycloak("lock", Map.of("email", owner.email()));
        beginInBrowser(device);
        assertThat(login(owner.email(), PASSWORD, null).statusCode()).isEqualTo(401);
        assertThat(login(owner.email(), PASSWORD, device).statusCode()).isEqualTo(401);

        keycloak("unlock", Map.of("email", owner.email()));
        assertThat(login(owner.email(), PASSWORD, device).statusCode()).isEqualTo(200);
        keycloak("lock", Map.of("email", owner.email()));
        assertThat(login(owner.email(), PASSWORD, device).statusCode()).isEqualTo(200);
    }

    private static void beginInBrowser(String device) {
        given().redirects()
                .follow(false)
                .header("X-Device-Token", device)
                .get("/auth/login")
                .then()
                .statusCode(302);
    }

    @Test
    void guessesAreKeptAwayFromKeycloakAndTheOwnersDeviceIsNot() {
        Story.Person owner = Story.newcomer();
        String device = login(owner.email(), PASSWORD, null).header("X-Device-Token");
        String others = login(Story.newcomer().email(), PASSWORD, null).header("X-Device-Token");
        int before = Story.counter("token");

        for (int i = 0; i < 40; i++) {
            assertThat(login(owner.email(), "wrong " + i, i % 2 == 0 ? null : others)
                            .statusCode())
                    .isEqualTo(401);
        }

        assertThat(Story.counter("token") - before).isLessThanOrEqualTo(12);
        assertThat(login(owner.email(), PASSWORD, null).statusCode()).isEqualTo(401);
        assertThat(login(owner.email(), PASSWORD, device).statusCode()).isEqualTo(200);
    }

    @Test
    void aSecondFactorIsAskedOfThoseWhoHaveOne() {
        String email = "otp" + UUID.randomUUID() + "@example.test";
        keycloak("user", Map.of("email", email, "password", PASSWORD));

        assertThat(login(email, PASSWORD, null).statusCode()).isEqualTo(401);
        given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", PASSWORD, "otp", "123456"))
                .post("/api/v1/auth/login")
                .then()
                .statusCode(200);
    }

    private static Response login(String email, String password, String device) {
        var request = given().contentType(ContentType.JSON).body(Map.of("email", email, "password", password));
        if (device != null) {
            request.header("X-Device-Token", device);
        }
        return request.post("/api/v1/auth/login");
    }
}
