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
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ArrivalIT {
    private static final String OTHER_PASSWORD = "a stormy harbour 8";

    @Inject
    ArrivalFlow arrivals;

    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    @Test
    void whoSquatsOnAnAddressLosesItToItsOwner() {
        Squat squat = squat();

        keycloak("federate", Map.of("email", squat.email()));
        keycloak("verify", Map.of("email", squat.email()));
        String owner = broker(squat.email());

        Story.exchange("bearer", owner, null).then().statusCode(200);
        demandEnded(squat);
        assertThat(means(squat.email())).isEqualTo("{\"passkey\":false,\"password\":false,\"providers\":[\"google\"]}");
        assertThat(verified(squat.email())).isEqualTo("t");
    }

    @Test
    void aSquattersOwnSessionIsNotTakenForTheOwners() {
        Squat squat = squat();
        keycloak("federate", Map.of("email", squat.email()));
        keycloak("verify", Map.of("email", squat.email()));

        Story.exchange("bearer", Story.login(squat.email()), null).then().statusCode(401);

        demandEnded(squat);
        assertThat(password(squat.email(), PASSWORD).statusCode()).isEqualTo(401);
    }

    @Test
    void aSquatterWhomParleyHasNeverSeenLosesTheAddressToo() {
        String email = Story.freshEmail();
        keycloak("user", Map.of("email", email, "password", PASSWORD, "email_verified", false));
        keycloak("passkey", Map.of("email", email));
        keycloak("federate", Map.of("email", email));
        keycloak("verify", Map.of("email", email));

        Story.exchange("bearer", broker(email), null).then().statusCode(200);

        assertThat(means(email)).isEqualTo("{\"passkey\":false,\"password\":false,\"providers\":[\"google\"]}");
    }

    @Test
    void aNewcomerByAnIdentityProviderKeepsEverything() {
        String email = Story.freshEmail();
        keycloak("user", Map.of("email", email, "password", PASSWORD));
        keycloak("federate", Map.of("email", email));
        keycloak("passkey", Map.of("email", email));
        keycloak("nopassword", Map.of("email", email));
        String token = broker(email);
        String other = broker(email);

        Story.exchange("bearer", token, null).then().statusCode(200);
        int before = Story.counter("user");
        Story.exchange("bearer", token, null).then().statusCode(200);
        Story.exchange("bearer", other, null).then().statusCode(200);

        assertThat(Story.counter("user")).isEqualTo(before);
        assertThat(watched(email)).isNull();
        assertThat(means(email)).isEqualTo("{\"passkey\":true,\"password\":false,\"providers\":[\"google\"]}");
    }

    @Test
    void aNewPasswordByMailEndsAllThatASquatterHas() {
        Squat squat = squat();
        keycloak("password", Map.of("email", squat.email(), "password", OTHER_PASSWORD));
        keycloak("verify", Map.of("email", squat.email()));

        Story.exchange("bearer", Story.login(squat.email(), OTHER_PASSWORD), null)
                .then()
                .statusCode(401);

        demandEnded(squat);
        assertThat(means(squat.email())).isEqualTo("{\"passkey\":false,\"password\":true,\"providers\":[]}");
        Story.exchange("bearer", Story.login(squat.email(), OTHER_PASSWORD), null)
                .then()
                .statusCode(200);
    }

    @Test
    void aNewPasswordSoonAfterALinkThatTheSquatterAskedForEndsAllAsWell() {
        Squat squat = squat();
        keycloak("verify", Map.of("email", squat.email()));
        Story.exchange("bearer", Story.login(squat.email()), null).then().statusCode(200);
        look(squat.email(), "20 seconds");
        Story.exchange("api-key", squat.key(), null).then().statusCode(200);

        keycloak("password", Map.of("email", squat.email(), "password", OTHER_PASSWORD));
        look(squat.email(), "20 seconds");

        demandEnded(squat);
        assertThat(means(squat.email())).isEqualTo("{\"passkey\":false,\"password\":true,\"providers\":[]}");
        String owner = Story.login(squat.email(), OTHER_PASSWORD);
        Story.exchange("bearer", owner, null).then().statusCode(200);
        look(squat.email(), "20 seconds");
        Story.exchange("bearer", owner, null).then().statusCode(200);

        keycloak("passkey", Map.of("email", squat.email()));
        keycloak("federate", Map.of("email", squat.email(), "provider", "apple"));
        keycloak("password", Map.of("email", squat.email(), "password", PASSWORD));
        look(squat.email(), "20 seconds");
        assertThat(means(squat.email())).isEqualTo("{\"passkey\":false,\"password\":false,\"providers\":[]}");
        Story.exchange("bearer", owner, null).then().statusCode(401);
    }

    @Test
    void theGuardAlsoWatchesAProofThatAGuardedActionFound() {
        Squat squat = squat();
        keycloak("verify", Map.of("email", squat.email()));
        Story.with(Story.exchange("bearer", squat.token(), null).path("token"))
                .body(Map.of("name", "Second"))
                .post("/api/v1/tenants")
                .then()
                .statusCode(201);

        keycloak("password", Map.of("email", squat.email(), "password", OTHER_PASSWORD));
        look(squat.email(), "20 seconds");

        demandEnded(squat);
    }

    @Test
    void aProofByMailLeavesEverythingAlone() {
        Squat person = squat();
        keycloak("verify", Map.of("email", person.email()));

        Story.exchange("bearer", Story.login(person.email()), null).then().statusCode(200);

        Story.exchange("bearer", person.token(), null).then().statusCode(200);
        Story.exchange("api-key", person.key(), null).then().statusCode(200);
        assertThat(password(person.email(), PASSWORD).statusCode()).isEqualTo(200);
        assertThat(means(person.email())).isEqualTo("{\"passkey\":true,\"password\":true,\"providers\":[]}");
        look(person.email(), "31 minutes");
        assertThat(watched(person.email())).isNull();
        keycloak("password", Map.of("email", person.email(), "password", OTHER_PASSWORD));
        arrivals.watch();
        Story.exchange("api-key", person.key(), null).then().statusCode(200);
    }

    private record Squat(String email, String token, String key) {}

    /** Somebody with an unproven address and all that such a person can have. */
    private static Squat squat() {
        Story.Person person = Story.newcomer();
        Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
        keycloak("passkey", Map.of("email", person.email()));
        String key = Story.as(person)
                .body(Map.of("name", "mine", "scopes", List.of("chat")))
                .post("/api/v1/api-keys")
                .path("key");
        Story.exchange("api-key", key, null).then().statusCode(200);
        return new Squat(person.email(), person.accessToken(), key);
    }

    private static void demandEnded(Squat squat) {
        Story.exchange("bearer", squat.token(), null).then().statusCode(401);
        Story.exchange("api-key", squat.key(), null).then().statusCode(401);
        assertThat(password(squat.email(), PASSWORD).statusCode()).isEqualTo(401);
        assertThat(sql("select count(*) from app.known_device d join app.user_account u on u.id = d.user_id"
                        + " where u.email = '" + squat.email() + "'"))
                .isEqualTo("0");
    }

    /** Looks at a fresh proof as if it were that old. */
    private void look(String email, String age) {
        sql("update app.user_account set watched_since = now() - interval '" + age
                + "', watch_at = now() where email = '" + email + "' and watched_since is not null");
        arrivals.watch();
    }

    private static String watched(String email) {
        return sql("select watched_since from app.user_account where email = '" + email + "'");
    }

    private static String verified(String email) {
        return sql("select email_verified from app.user_account where email = '" + email + "'");
    }

    private static String means(String email) {
        return keycloak("means", Map.of("email", email)).toString();
    }

    /** A token of somebody who came in by Google. */
    private static String broker(String email) {
        return keycloak("broker", Map.of("email", email)).path("access_token").asText();
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

    private static Response password(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/auth/login");
    }
}
