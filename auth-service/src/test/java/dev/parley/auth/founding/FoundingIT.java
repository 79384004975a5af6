package dev.parley.auth.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.auth.tenant.TenantConfig;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class FoundingIT {
    @Inject
    TenantConfig config;

    private static Response found(Story.Person person, Map<String, ?> body) {
        return Story.as(person).body(body).post("/api/v1/tenants");
    }

    @Test
    void aPersonWithAProvenAddressHasSeveralOrganisationsAndChooses() {
        Story.Person person = Story.newcomer();
        found(person, Map.of("name", "Second")).then().statusCode(403).body("code", equalTo("EMAIL_NOT_VERIFIED"));
        Story.keycloak("verify", Map.of("email", person.email()));

        Response second = found(person, Map.of("name", " Second "));

        second.then().statusCode(201).body("name", equalTo("Second")).body("status", equalTo("pending"));
        Story.as(person)
                .get("/api/v1/me")
                .then()
                .body("tenant_id", equalTo(person.tenantId()))
                .body("memberships", hasSize(2))
                .body("memberships.status", contains("pending", "pending"));
        Story.as(person, second.path("id"))
                .get("/api/v1/me")
                .then()
                .body("tenant_id", equalTo(second.path("id")))
                .body("role", equalTo("owner"));
        Story.await("tenant-created", () -> !Story.events(second.path("id"), "auth.tenant-created.v1")
                .isEmpty());
        assertThat(Story.events(second.path("id"), "auth.tenant-created.v1"))
                .singleElement()
                .asString()
                .contains(person.email())
                .contains(person.userId());
    }

    @Test
    void theTrialIsWaitedForButNotForEver() {
        Story.Person person = Story.newcomer();
        Story.keycloak("verify", Map.of("email", person.email()));
        Story.keycloak("set", Map.of("fault", Map.of("entitlements", 404)));
        long began = System.nanoTime();

        found(person, Map.of("name", "Late")).then().statusCode(201);

        assertThat(System.nanoTime() - began).isBetween(1_900_000_000L, 15_000_000_000L);
        Story.keycloak("set", Map.of());
    }

    @Test
    void nobodyHasEndlessTrials() {
        Story.Person person = Story.newcomer();
        Story.keycloak("verify", Map.of("email", person.email()));
        for (int i = 2; i <= 10; i++) {
            found(person, Map.of("name", "No " + i)).then().statusCode(201);
        }

        found(person, Map.of("name", "No 11")).then().statusCode(409).body("code", equalTo("TOO_MANY_TENANTS"));
    }

    /** More than may be made have counted before the first of them is made. */
    @Test
    void whoFoundsManyAtOnceHasNoMoreTrialsThanOneByOne() throws Exception {
        Story.Person person = Story.newcomer();
        Story.keycloak("verify", Map.of("email", person.email()));
        found(person, Map.of("name", "Second")).then().statusCode(201);
        String context = Story.exchange("bearer", person.accessToken(), null).path("token");
        int most = config.mostOwned();
        var barrier = new CyclicBarrier(2 * most);
        List<Future<Integer>> answers = new ArrayList<>();
        try (Connection holder = Story.superuser();
                Statement hold = holder.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            holder.setAutoCommit(false);
            hold.execute("select 1 from app.user_account where id = '" + person.userId() + "' for update");
            for (int i = 0; i < 2 * most; i++) {
                String name = "At once " + i;
                answers.add(threads.submit(() -> {
                    barrier.await(60, TimeUnit.SECONDS);
                    return Story.with(context)
                            .body(Map.of("name", name))
                            .post("/api/v1/tenants")
                            .statusCode();
                }));
            }
            Story.await(
                    "more than may be made, to wait",
                    () -> Integer.parseInt(
                                    Story.sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                            + " and query like '%app.user_account%'"))
                            > most - 2);
            holder.commit();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get(60, TimeUnit.SECONDS));
            }
            assertThat(Collections.frequency(statuses, 201)).isEqualTo(most - 2);
            assertThat(Collections.frequency(statuses, 409)).isEqualTo(most + 2);
        }

        assertThat(Story.sql("select count(*) from app.membership where role = 'owner' and removed_at is null"
                        + " and user_id = '" + person.userId() + "'"))
                .isEqualTo(String.valueOf(most));
    }

    @Test
    void keysFoundNothingAndUnknownMembersAreRefused() {
        Story.Person person = Story.newcomer();
        Story.keycloak("verify", Map.of("email", person.email()));
        String key = Story.as(person)
                .body(Map.of("name", "k", "scopes", List.of("chat", "read", "write")))
                .post("/api/v1/api-keys")
                .path("key");
        String context = Story.exchange("api-key", key, null).path("token");

        Story.with(context)
                .body(Map.of("name", "x"))
                .post("/api/v1/tenants")
                .then()
                .statusCode(403);
        for (String member : List.of("tenant_id", "role", "credits", "status")) {
            found(person, Map.of("name", "x", member, "1")).then().statusCode(400);
        }
        found(person, Map.of("name", " ")).then().statusCode(422);
    }
}
