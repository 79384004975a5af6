package dev.parley.auth.signup;

import static dev.parley.auth.Story.PASSWORD;
import static dev.parley.auth.Story.freshEmail;
import static dev.parley.auth.Story.keycloak;
import static dev.parley.auth.Story.signUp;
import static dev.parley.auth.Story.sql;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class SignupIT {
    @Inject
    SignupFlow signups;

    @AfterEach
    void mendKeycloak() {
        keycloak("set", Map.of());
    }

    @Test
    void aNewcomerIsLoggedInAndOwnsATenant() {
        String email = freshEmail();

        Story.Person person = Story.newcomer("  " + email.toUpperCase(java.util.Locale.ROOT) + " ");

        Story.as(person)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("user_id", equalTo(person.userId()))
                .body("email", equalTo(email))
                .body("tenant_id", equalTo(person.tenantId()))
                .body("auth_provider", equalTo("password"))
                .body("role", equalTo("owner"))
                .body("platform_admin", equalTo(false))
                .body("memberships[0].tenant_id", equalTo(person.tenantId()))
                .body("memberships[0].name", equalTo("Rao & Sons"))
                .body("memberships[0].role", equalTo("owner"));
    }

    @Test
    void theTenantIsToldToTheOthersOnce() {
        Story.Person person = Story.newcomer();

        Story.await("tenant-created", () -> !Story.events(person.tenantId(), "auth.tenant-created.v1")
                .isEmpty());
        assertThat(Story.events(person.tenantId(), "auth.tenant-created.v1"))
                .containsExactly(
                        "{\"name\": \"Rao & Sons\", \"tenant_id\": \"%s\", \"owner_email\": \"%s\", \"owner_user_id\": \"%s\"}"
                                .formatted(person.tenantId(), person.email(), person.userId()));
        Story.await("member-added", () -> !Story.events(person.tenantId(), "auth.member-added.v1")
                .isEmpty());
        assertThat(Story.events(person.tenantId(), "auth.member-added.v1")).hasSize(1);
    }

    @Test
    void eachWrongFieldIsNamed() {
        given().contentType(ContentType.JSON)
                .body(Map.of("email", "nobody", "password", "short", "name", " ", "organization", ""))
                .post("/api/v1/auth/signup")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", equalTo("VALIDATION_FAILED"))
                .body("errors.pointer", hasItem("/email"))
                .body("errors.pointer", hasItem("/password"))
                .body("errors.pointer", hasItem("/name"))
                .body("errors.pointer", hasItem("/organization"));
    }

    @Test
    void aPasswordThatEveryoneTriesFirstIsWeak() {
        signUp(freshEmail(), "password123").then().statusCode(422).body("errors[0].pointer", equalTo("/password"));
    }

    @Test
    void aPasswordThatTheRealmRefusesIsWeakToo() {
        String email = freshEmail();

        signUp(email, "realm-weak but long")
                .then()
                .statusCode(422)
                .body("code", equalTo("WEAK_PASSWORD"))
                .body("errors[0].pointer", equalTo("/password"));

        assertThat(sql("select count(*) from app.signup where email = '" + email + "'"))
                .isEqualTo("0");
    }

    @Test
    void unknownMembersAndBrokenJsonAre400() {
        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "email", freshEmail(), "password", PASSWORD, "name", "A", "organization", "B", "role", "x"))
                .post("/api/v1/auth/signup")
                .then()
                .statusCode(400)
                .body("detail", equalTo("unknown member: role"));
        given().contentType(ContentType.JSON)
                .body("{\"email\":")
                .post("/api/v1/auth/signup")
                .then()
                .statusCode(400);
    }

    @Test
    void anAddressIsTakenWhateverItsCase() {
        Story.Person first = Story.newcomer();

        signUp(first.email().toUpperCase(java.util.Locale.ROOT), PASSWORD)
                .then()
                .statusCode(409)
                .body("code", equalTo("EMAIL_TAKEN"))
                .body("type", equalTo("https://parley.dev/problems/email-taken"))
                .body("operation_id", notNullValue());
    }

    @Test
    void fiftyParallelSignUpsOfOneAddressMakeOneUserAndOneTenant() throws Exception {
        String email = freshEmail();
        List<Future<Integer>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> signUp(email, PASSWORD).statusCode()));
            }
        }

        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).containsOnly(201, 409);
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(1);
        assertThat(sql(
                        "select count(*) from app.membership m join app.user_account u on u.id = m.user_id where u.email = '"
                                + email + "'"))
                .isEqualTo("1");
        assertThat(sql("select count(*) from app.tenant t join app.signup s on s.organization_tenant_id = t.tenant_id"
                        + " where s.email = '" + email + "'"))
                .isEqualTo("1");
    }

    @Test
    void aSignUpThatBrokeAfterKeycloakIsCompletedByTheSameFormOnly() {
        String email = freshEmail();
        keycloak("set", Map.of("fault", Map.of("token", 0, "certs", 0)));
        keycloak("user", Map.of("email", email, "password", PASSWORD));
        sql("insert into app.signup (email, name, organization) values ('" + email + "', 'Asha', 'Old name')");

        signUp(email, "another harbour 8").then().statusCode(409);
        signUp(email, PASSWORD).then().statusCode(201);
        signUp(email, PASSWORD).then().statusCode(409);

        assertThat(sql("select organization from app.signup where email = '" + email + "'"))
                .isEqualTo("Rao & Sons");
    }

    @Test
    void guessesAtSignUpAreLimitedAsThoseAtLogin() {
        String email = freshEmail();
        keycloak("user", Map.of("email", email, "password", PASSWORD));
        int before = Story.counter("token");

        for (int i = 0; i < 20; i++) {
            signUp(email, "a wrong harbour " + i).then().statusCode(409);
        }

        assertThat(Story.counter("token") - before).isLessThanOrEqualTo(12);
        signUp(email, PASSWORD).then().statusCode(409);
        given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", PASSWORD))
                .post("/api/v1/auth/login")
                .then()
                .statusCode(401);
    }

    @Test
    void anAddressThatWasProvenBeforeStaysSo() {
        String email = freshEmail();
        keycloak("user", Map.of("email", email, "password", PASSWORD));
        Story.exchange("bearer", Story.login(email), null).then().statusCode(200);

        signUp(email, PASSWORD).then().statusCode(201);

        assertThat(sql("select email_verified from app.user_account where email = '" + email + "'"))
                .isEqualTo("t");
    }

    @Test
    void whenKeycloakIsDownNothingIsHalfMadeAndTheNextTryWorks() {
        String email = freshEmail();
        keycloak("set", Map.of("fault", Map.of("users", 503)));

        signUp(email, PASSWORD)
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("code", equalTo("UNAVAILABLE"));

        assertThat(sql("select count(*) from app.user_account where email = '" + email + "'"))
                .isEqualTo("0");
        assertThat(sql("select status from app.signup where email = '" + email + "'"))
                .isEqualTo("started");
        keycloak("set", Map.of());
        signUp(email, PASSWORD).then().statusCode(201);
    }

    @Test
    void theTrialIsWaitedForButNotForEver() {
        keycloak("set", Map.of("fault", Map.of("entitlements", 404)));
        long began = System.nanoTime();

        signUp(freshEmail(), PASSWORD).then().statusCode(201);

        assertThat(System.nanoTime() - began).isBetween(1_900_000_000L, 15_000_000_000L);
    }

    @Test
    void theSweepCompletesWhatHasAUserAndForgetsTheRest() {
        String abandoned = freshEmail();
        String never = freshEmail();
        String foreign = freshEmail();
        keycloak("user", Map.of("email", abandoned, "password", PASSWORD));
        keycloak("user", Map.of("email", foreign, "password", PASSWORD, "created_at", "2020-01-01T00:00:00Z"));
        for (String email : List.of(abandoned, never, foreign)) {
            sql("insert into app.signup (email, name, organization, created_at, updated_at) values ('" + email
                    + "', 'Asha', 'Abandoned Ltd', now() - interval '2 minutes', now() - interval '2 minutes')");
        }

        signups.sweep();

        assertThat(sql("select status from app.signup where email = '" + abandoned + "'"))
                .isEqualTo("completed");
        assertThat(sql("select count(*) from app.signup where email in ('" + never + "', '" + foreign + "')"))
                .isEqualTo("0");
        given().contentType(ContentType.JSON)
                .body(Map.of("email", abandoned, "password", PASSWORD))
                .post("/api/v1/auth/login")
                .then()
                .statusCode(200);
    }

    @Test
    void aRepeatedRequestGetsTheFirstAnswerAndNoSecretStandsInTheDatabase() {
        Map<String, String> form =
                Map.of("email", freshEmail(), "password", PASSWORD, "name", "Asha Rao", "organization", "Rao & Sons");
        List<Response> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            answers.add(given().contentType(ContentType.JSON)
                    .header("Idempotency-Key", form.get("email"))
                    .body(form)
                    .post("/api/v1/auth/signup"));
        }

        answers.forEach(answer -> answer.then().statusCode(201));
        String access = answers.getFirst().path("access_token");
        assertThat(answers.getLast().<String>path("access_token")).isEqualTo(access);
        assertThat(answers.getLast().header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(Story.tablesContaining(PASSWORD)).isEmpty();
        assertThat(Story.tablesContaining(access)).isEmpty();
        assertThat(Story.tablesContaining(answers.getFirst().path("refresh_token")))
                .isEmpty();
    }
}
