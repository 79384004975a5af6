package dev.parley.auth.session;

import static dev.parley.auth.Story.PASSWORD;
import static dev.parley.auth.Story.keycloak;
import static dev.parley.auth.Story.sql;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class OwnSessionsIT {
    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    @Test
    void aPersonSeesWhereItIsLoggedIn() {
        Story.Person person = Story.newcomer();
        Login phone = login(person.email(), "Mozilla/5.0 (iPhone; like Mac OS X) Version/19 Safari/604", "203.0.113.7");

        phone.request()
                .get("/api/v1/sessions")
                .then()
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].device", equalTo("Safari on iPhone"))
                .body("items[0].address", equalTo("203.0.113.7"))
                .body("items[0].current", equalTo(true))
                .body("items[0].started_at", notNullValue())
                .body("items[1].current", equalTo(false));
    }

    @Test
    void anEndedSessionIsRefusedWithItsRefreshToken() {
        Story.Person person = Story.newcomer();
        Login phone = login(person.email(), "curl/8", "203.0.113.7");
        String id = phone.request().get("/api/v1/sessions").path("items.find { it.current }.id");

        Story.as(person).delete("/api/v1/sessions/" + id).then().statusCode(204);

        Story.exchange("bearer", phone.accessToken(), null).then().statusCode(401);
        assertThat(refresh(phone.refreshToken())).isEqualTo(401);
        Story.as(person).get("/api/v1/sessions").then().body("items", hasSize(1));
    }

    @Test
    void nobodyEndsTheSessionOfAnother() {
        Story.Person person = Story.newcomer();
        String id = Story.as(person).get("/api/v1/sessions").path("items[0].id");

        Story.as(Story.newcomer()).delete("/api/v1/sessions/" + id).then().statusCode(404);

        Story.as(person).get("/api/v1/me").then().statusCode(200);
    }

    @Test
    void logoutEverywhereEndsAllAndForgetsTheDevices() {
        Story.Person person = Story.newcomer();
        Login phone = login(person.email(), "curl/8", "203.0.113.7");

        Story.as(person).delete("/api/v1/sessions").then().statusCode(204);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(401);
        Story.exchange("bearer", phone.accessToken(), null).then().statusCode(401);
        assertThat(refresh(person.refreshToken())).isEqualTo(401);
        assertThat(refresh(phone.refreshToken())).isEqualTo(401);
        assertThat(sql("select count(*) from app.known_device where user_id = '" + person.userId() + "'"))
                .isEqualTo("0");
    }

    @Test
    void whileKeycloakIsDownAnEndedSessionIsRefusedHereAndTheCallerIsToldToRepeat() {
        Story.Person person = Story.newcomer();
        String id = Story.as(person).get("/api/v1/sessions").path("items[0].id");
        var request = Story.as(person);
        keycloak("set", Map.of("fault", Map.of("sessions", 503)));

        request.delete("/api/v1/sessions/" + id).then().statusCode(503);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(401);
    }

    @Test
    void keycloakEndsASessionByASignedToken() {
        Story.Person person = Story.newcomer();
        String id = Story.as(person).get("/api/v1/sessions").path("items[0].id");

        backchannel(logoutToken(id, "parley-web"), 200);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(401);
    }

    @Test
    void aLogoutTokenForAnotherClientOrWithoutSignatureEndsNothing() {
        Story.Person person = Story.newcomer();
        String id = Story.as(person).get("/api/v1/sessions").path("items[0].id");
        String genuine = logoutToken(id, "parley-web");

        backchannel(logoutToken(id, "another"), 400);
        backchannel(genuine.substring(0, genuine.lastIndexOf('.') + 1), 400);
        backchannel(person.accessToken(), 400);
        backchannel("", 400);

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
    }

    private static void backchannel(String token, int expected) {
        int status = given().contentType(ContentType.URLENC)
                .formParam("logout_token", token)
                .post("/auth/backchannel-logout")
                .statusCode();
        assertThat(status).isEqualTo(expected);
    }

    private static String logoutToken(String sessionId, String audience) {
        String issuer = ConfigProvider.getConfig().getValue("auth.keycloak.url", String.class) + "/realms/parley";
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new HashMap<>(Map.of(
                "iss",
                issuer,
                "aud",
                audience,
                "iat",
                now,
                "exp",
                now + 120,
                "jti",
                "logout-" + sessionId,
                "sub",
                "somebody",
                "sid",
                sessionId,
                "events",
                Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())));
        return keycloak("sign", Map.of("claims", claims, "header", Map.of("typ", "logout+jwt")))
                .path("token")
                .asText();
    }

    private static int refresh(String token) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("refresh_token", token))
                .post("/api/v1/auth/refresh")
                .statusCode();
    }

    private record Login(String accessToken, String refreshToken) {
        io.restassured.specification.RequestSpecification request() {
            return Story.with(
                    Story.exchange("bearer", accessToken, null).path("token").toString());
        }
    }

    private static Login login(String email, String agent, String address) {
        Response answer = given().contentType(ContentType.JSON)
                .header("User-Agent", agent)
                .header("X-Forwarded-For", address)
                .body(Map.of("email", email, "password", PASSWORD))
                .post("/api/v1/auth/login");
        answer.then().statusCode(200);
        return new Login(answer.path("access_token"), answer.path("refresh_token"));
    }
}
