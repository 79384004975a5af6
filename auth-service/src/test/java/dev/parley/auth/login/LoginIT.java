package dev.parley.auth.login;

import static dev.parley.auth.Story.PASSWORD;
import static dev.parley.auth.Story.keycloak;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class LoginIT {
    private static Response post(String action, Map<String, String> body) {
        return given().contentType(ContentType.JSON).body(body).post("/api/v1/auth/" + action);
    }

    @Test
    void aWrongPasswordAndAnUnknownAddressLookTheSame() {
        Story.Person person = Story.newcomer();

        for (String email : new String[] {person.email(), Story.freshEmail()}) {
            post("login", Map.of("email", email, "password", "not the password"))
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", "Bearer")
                    .body("code", equalTo("UNAUTHENTICATED"))
                    .body("detail", nullValue());
        }
    }

    @Test
    void theRightPasswordGivesTokensThatCount() {
        Story.Person person = Story.newcomer();

        Response answer = post("login", Map.of("email", person.email(), "password", PASSWORD));

        answer.then().statusCode(200).body("expires_in", equalTo(900));
        Story.exchange("bearer", answer.path("access_token"), null)
                .then()
                .statusCode(200)
                .body("subject", equalTo(person.userId()))
                .body("tenant_id", equalTo(person.tenantId()));
    }

    @Test
    void aRefreshTokenOfTwoExchangesAgoEndsItsSessionToo() {
        Story.Person person = Story.newcomer();
        Response second = post("refresh", Map.of("refresh_token", person.refreshToken()));
        Response third = post("refresh", Map.of("refresh_token", second.path("refresh_token")));
        third.then().statusCode(200);

        post("refresh", Map.of("refresh_token", person.refreshToken())).then().statusCode(401);

        post("refresh", Map.of("refresh_token", third.path("refresh_token")))
                .then()
                .statusCode(401);
        Story.exchange("bearer", third.path("access_token"), null).then().statusCode(401);
    }

    @Test
    void aRefreshTokenUsedTwiceEndsItsSession() {
        Story.Person person = Story.newcomer();
        Response fresh = post("refresh", Map.of("refresh_token", person.refreshToken()));
        fresh.then().statusCode(200).body("refresh_token", not(equalTo(person.refreshToken())));

        post("refresh", Map.of("refresh_token", person.refreshToken()))
                .then()
                .statusCode(401)
                .body("detail", nullValue());

        post("refresh", Map.of("refresh_token", fresh.path("refresh_token")))
                .then()
                .statusCode(401);
        Story.exchange("bearer", fresh.path("access_token"), null).then().statusCode(401);
    }

    @Test
    void logoutEndsTheSessionForEveryTokenOfIt() {
        Story.Person person = Story.newcomer();
        Response answer = Story.exchange("bearer", person.accessToken(), null);
        String session = answer.<String>path("credential_id").substring("session:".length());

        post("logout", Map.of("refresh_token", person.refreshToken())).then().statusCode(204);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(401);
        post("refresh", Map.of("refresh_token", person.refreshToken())).then().statusCode(401);
        String platform = "00000000-0000-0000-0000-000000000000";
        Story.await("session-ended", () -> Story.events(platform, "auth.session-ended.v1")
                .contains("{\"session_id\": \"" + session + "\"}"));
    }

    @Test
    void logoutWithNonsenseIsNoErrorAndEndsNothing() {
        Story.Person person = Story.newcomer();
        String payload = person.refreshToken().split("\\.")[1];

        post("logout", Map.of("refresh_token", "nonsense")).then().statusCode(204);
        post("logout", Map.of("refresh_token", "e30." + payload + ".AAAA"))
                .then()
                .statusCode(204);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
    }

    @Test
    void keycloakDownIs503() {
        Story.Person person = Story.newcomer();
        keycloak("set", Map.of("fault", Map.of("token", 502)));
        try {
            post("login", Map.of("email", person.email(), "password", PASSWORD))
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1");
            Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
        } finally {
            keycloak("set", Map.of());
        }
        assertThat(post("login", Map.of("email", person.email(), "password", PASSWORD))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void missingFieldsAre422() {
        post("login", Map.of("email", "")).then().statusCode(422);
        post("refresh", Map.of("refresh_token", ""))
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/refresh_token"));
    }
}
