package dev.parley.auth.session;

import static dev.parley.auth.Story.counter;
import static dev.parley.auth.Story.exchange;
import static dev.parley.auth.Story.keycloak;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class SessionIT {
    private record Begun(Map<String, String> query, Cookie binding) {}

    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    private static Begun begin(String redirectTo) {
        Response answer = given().redirects()
                .follow(false)
                .queryParam("redirect_to", redirectTo)
                .get("/auth/login");
        answer.then().statusCode(302);
        Map<String, String> query = new HashMap<>();
        for (String field : URI.create(answer.header("Location")).getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return new Begun(query, answer.getDetailedCookie("parley_login"));
    }

    private static String code(Begun begun, String email, Map<String, String> changes) {
        Map<String, String> login = new HashMap<>(Map.of(
                "email", email,
                "nonce", begun.query().get("nonce"),
                "code_challenge", begun.query().get("code_challenge"),
                "redirect_uri", begun.query().get("redirect_uri")));
        login.putAll(changes);
        return keycloak("code", login).path("code").asText();
    }

    private static Response callback(Begun begun, String code, Map<String, String> changes) {
        Map<String, String> query = new HashMap<>(Map.of(
                "code",
                code,
                "state",
                begun.query().get("state"),
                "iss",
                ConfigProvider.getConfig().getValue("auth.keycloak.url", String.class) + "/realms/parley"));
        query.putAll(changes);
        return given().redirects()
                .follow(false)
                .cookie(begun.binding())
                .queryParams(query)
                .get("/auth/callback");
    }

    private static String login(Story.Person person) {
        Begun begun = begin("/console/chat?agent=concierge");
        Response answer = callback(begun, code(begun, person.email(), Map.of()), Map.of());
        answer.then().statusCode(302).header("Location", equalTo("http://127.0.0.1:8080/console/chat?agent=concierge"));
        Cookie cookie = answer.getDetailedCookie("parley_session");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Lax");
        assertThat(cookie.getPath()).isEqualTo("/");
        assertThat(answer.getDetailedCookie("parley_login").getMaxAge()).isZero();
        return cookie.getValue();
    }

    @Test
    void aBrowserIsSentAwayWithEverythingThatMakesTheLoginSafe() {
        Begun begun = begin("/console");

        assertThat(begun.query())
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "parley-web")
                .containsEntry("redirect_uri", "http://127.0.0.1:8080/auth/callback")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge");
        assertThat(begun.query().get("scope").split(" ")).contains("openid");
        assertThat(begun.binding().isHttpOnly()).isTrue();
    }

    @Test
    void anArrivalThatEndsItsOwnSessionLeadsToTheLoginPageAgain() {
        Story.Person person = Story.newcomer();
        keycloak("password", Map.of("email", person.email(), "password", "a stormy harbour 8"));
        keycloak("verify", Map.of("email", person.email()));
        Begun begun = begin("/console/chat");

        Response answer = callback(begun, code(begun, person.email(), Map.of()), Map.of());

        answer.then()
                .statusCode(302)
                .header("Location", equalTo("http://127.0.0.1:8080/auth/login?redirect_to=%2Fconsole%2Fchat"));
        login(person);
    }

    @Test
    void aSessionStandsForThePersonAndEndsWithLogout() {
        Story.Person person = Story.newcomer();

        String cookie = login(person);

        exchange("session", cookie, null)
                .then()
                .statusCode(200)
                .body("subject", equalTo(person.userId()))
                .body("tenant_id", equalTo(person.tenantId()));
        assertThat(Story.tablesContaining(cookie)).isEmpty();
        given().cookie("parley_session", cookie).post("/auth/logout").then().statusCode(204);
        exchange("session", cookie, null).then().statusCode(401);
        exchange("session", "invented", null).then().statusCode(401);
        given().post("/auth/logout").then().statusCode(204);
    }

    @Test
    void oddAnswersOfTheLoginPageAreRefused() {
        Story.Person person = Story.newcomer();
        Begun begun = begin("/console");
        assertRefused(callback(
                begun, code(begun, person.email(), Map.of()), Map.of("iss", "http://evil.test/realms/parley")));
        assertRefused(callback(begun, code(begun, person.email(), Map.of()), Map.of("state", "invented")));
        Begun otherBrowser = begin("/console");
        assertRefused(callback(
                new Begun(begun.query(), otherBrowser.binding()), code(begun, person.email(), Map.of()), Map.of()));

        Begun wrongNonce = begin("/console");
        assertRefused(callback(wrongNonce, code(wrongNonce, person.email(), Map.of("nonce", "replayed")), Map.of()));
        Begun wrongChallenge = begin("/console");
        assertRefused(callback(
                wrongChallenge, code(wrongChallenge, person.email(), Map.of("code_challenge", "stolen")), Map.of()));
        Begun denied = begin("/console");
        assertRefused(given().redirects()
                .follow(false)
                .cookie(denied.binding())
                .queryParam("error", "access_denied")
                .queryParam("state", denied.query().get("state"))
                .get("/auth/callback"));
        Begun twice = begin("/console");
        callback(twice, code(twice, person.email(), Map.of()), Map.of()).then().statusCode(302);
        assertRefused(callback(twice, code(twice, person.email(), Map.of()), Map.of()));
        assertRefused(given().get("/auth/callback"));
    }

    private static void assertRefused(Response answer) {
        answer.then().statusCode(400).body("code", equalTo("LOGIN_FAILED"));
        assertThat(answer.getDetailedCookie("parley_session")).isNull();
    }

    @Test
    void aBrowserIsNeverSentToAnotherSite() {
        for (String target : List.of(
                "https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "console", "/a\nb")) {
            given().redirects()
                    .follow(false)
                    .queryParam("redirect_to", target)
                    .get("/auth/login")
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("REDIRECT_NOT_ALLOWED"));
        }
    }

    @Test
    void manyRequestsAtOnceRenewTheTokenOnce() throws Exception {
        Story.Person person = Story.newcomer();
        keycloak("set", Map.of("access_lifetime", 45));
        String cookie = login(person);
        keycloak("set", Map.of());
        int before = counter("refreshed");

        List<Future<Integer>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                answers.add(
                        threads.submit(() -> exchange("session", cookie, null).statusCode()));
            }
        }

        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isEqualTo(200);
        }
        assertThat(counter("refreshed") - before).isEqualTo(1);
        exchange("session", cookie, null).then().statusCode(200).body("expires_in", equalTo(300));
    }

    @Test
    void aSessionOutlivesKeycloakWhileItsTokenDoes() {
        Story.Person person = Story.newcomer();
        keycloak("set", Map.of("access_lifetime", 45));
        String cookie = login(person);

        keycloak("set", Map.of("fault", Map.of("token", 503)));

        exchange("session", cookie, null).then().statusCode(200);
    }
}
