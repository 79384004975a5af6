package dev.parley.auth.session;

import static dev.parley.auth.Story.PASSWORD;
import static dev.parley.auth.Story.keycloak;
import static dev.parley.auth.Story.sql;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ArrivalIT {
    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    @Test
    void whoSquatsOnAnAddressLosesItToItsOwner() {
        Story.Person squatter = Story.newcomer();
        Story.exchange("bearer", squatter.accessToken(), null).then().statusCode(200);
        String later = Story.login(squatter.email());
        String key = Story.as(squatter)
                .body(Map.of("name", "mine", "scopes", List.of("chat")))
                .post("/api/v1/api-keys")
                .path("key");
        Story.exchange("api-key", key, null).then().statusCode(200);

        keycloak("federate", Map.of("email", squatter.email()));
        keycloak("verify", Map.of("email", squatter.email()));
        String proven = Story.login(squatter.email());

        Story.exchange("bearer", proven, null).then().statusCode(401);
        Story.exchange("bearer", squatter.accessToken(), null).then().statusCode(401);
        Story.exchange("bearer", later, null).then().statusCode(401);
        Story.exchange("api-key", key, null).then().statusCode(401);
        assertThat(password(squatter.email()).statusCode()).isEqualTo(401);
        assertThat(sql("select email_verified from app.user_account where id = '" + squatter.userId() + "'"))
                .isEqualTo("t");
    }

    @Test
    void aProofByMailLeavesThePasswordAlone() {
        Story.Person person = Story.newcomer();
        keycloak("verify", Map.of("email", person.email()));

        Story.exchange("bearer", Story.login(person.email()), null).then().statusCode(200);

        assertThat(password(person.email()).statusCode()).isEqualTo(200);
    }

    @Test
    void untilKeycloakHasEndedTheSquatterTheAddressIsNotProven() {
        Story.Person squatter = Story.newcomer();
        keycloak("federate", Map.of("email", squatter.email()));
        keycloak("verify", Map.of("email", squatter.email()));
        String proven = Story.login(squatter.email());
        keycloak("set", Map.of("fault", Map.of("user", 503)));

        Story.exchange("bearer", proven, null).then().statusCode(503);

        assertThat(sql("select email_verified from app.user_account where id = '" + squatter.userId() + "'"))
                .isEqualTo("f");
    }

    @Test
    void theLoginPageIsAskedForWhatItCanDoAndNothingElse() {
        given().redirects()
                .follow(false)
                .get("/auth/login?action=totp")
                .then()
                .statusCode(302)
                .header("Location", containsString("kc_action=CONFIGURE_TOTP"));
        given().redirects()
                .follow(false)
                .get("/auth/login?action=register")
                .then()
                .header("Location", containsString("prompt=create"));
        given().redirects()
                .follow(false)
                .get("/auth/login?action=DELETE_ACCOUNT")
                .then()
                .statusCode(400)
                .body("code", equalTo("LOGIN_ACTION_UNKNOWN"));
    }

    @Test
    void signUpSendsAMailAndSoDoesAsking() {
        Story.Person person = Story.newcomer();
        Story.await("the mail of the sign-up", () -> mails(person.email()) == 1);

        Story.as(person).post("/api/v1/auth/verification").then().statusCode(204);

        assertThat(mails(person.email())).isEqualTo(2);
        Story.as(person).get("/api/v1/me").then().body("email_verified", equalTo(false));
    }

    private static long mails(String email) {
        long count = 0;
        for (var mail : keycloak("mails", Map.of())) {
            count += mail.asText().equals(email) ? 1 : 0;
        }
        return count;
    }

    private static Response password(String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", PASSWORD))
                .post("/api/v1/auth/login");
    }
}
