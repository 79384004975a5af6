package dev.parley.auth.apikey;

import static dev.parley.auth.Story.exchange;
import static dev.parley.auth.Story.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ApiKeyIT {
    @Inject
    ApiKeyService keys;

    private static Response create(Story.Person person, List<String> scopes) {
        return Story.as(person).body(Map.of("name", "shop", "scopes", scopes)).post("/api/v1/api-keys");
    }

    @Test
    void aKeyIsShownOnceAndActsForItsTenant() {
        Story.Person person = Story.newcomer();

        Response made = create(person, List.of("chat", "read"));

        made.then()
                .statusCode(201)
                .body("name", equalTo("shop"))
                .body("key", matchesPattern("pk_live_[0-9A-Za-z]{38}"))
                .body("scopes", contains("chat", "read"));
        String key = made.path("key");
        assertThat(key).startsWith(made.<String>path("prefix"));
        String context = exchange("api-key", key, null)
                .then()
                .statusCode(200)
                .body("tenant_id", equalTo(person.tenantId()))
                .body("subject", equalTo("api-key:" + made.path("id")))
                .body("credential_id", equalTo("api-key:" + made.path("id")))
                .extract()
                .path("token");
        Story.with(context)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("auth_provider", equalTo("api-key"))
                .body("role", equalTo("api-key"))
                .body("tenant_id", equalTo(person.tenantId()));
        Story.with(context).get("/api/v1/tenant").then().statusCode(200);
        Story.with(context).get("/api/v1/api-keys").then().statusCode(403);
        Story.as(person)
                .get("/api/v1/api-keys")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(made.path("id")))
                .body("items[0].prefix", equalTo(made.path("prefix")))
                .body("items[0].last_used_at", notNullValue())
                .body("items[0].key", nullValue());
        assertThat(Story.tablesContaining(key)).isEmpty();
    }

    @Test
    void aKeyWithoutReadMayNotRead() {
        Response made = create(Story.newcomer(), List.of("chat"));
        String context = exchange("api-key", made.path("key"), null).path("token");

        Story.with(context).get("/api/v1/tenant").then().statusCode(403);
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceAndEveryoneIsTold() {
        Story.Person person = Story.newcomer();
        Response made = create(person, List.of("chat"));
        String id = made.path("id");
        exchange("api-key", made.path("key"), null).then().statusCode(200);

        Story.as(person).delete("/api/v1/api-keys/" + id).then().statusCode(204);

        exchange("api-key", made.path("key"), null).then().statusCode(401);
        Story.as(person).delete("/api/v1/api-keys/" + id).then().statusCode(204);
        Story.await("api-key-revoked", () -> !Story.events(person.tenantId(), "auth.api-key-revoked.v1")
                .isEmpty());
        assertThat(Story.events(person.tenantId(), "auth.api-key-revoked.v1"))
                .singleElement()
                .asString()
                .contains("\"api_key_id\": \"" + id + "\"");
        Story.as(person).get("/api/v1/api-keys").then().body("items", hasSize(0));
    }

    @Test
    void anExpiredKeyIsRefused() {
        Story.Person person = Story.newcomer();
        Map<String, Object> wanted = new HashMap<>(Map.of("name", "old", "scopes", List.of("read")));
        wanted.put("expires_at", "2020-01-01T00:00:00Z");
        Story.as(person)
                .body(wanted)
                .post("/api/v1/api-keys")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/expires_at"));
        wanted.put("expires_at", "2999-01-01T00:00:00Z");
        Response made = Story.as(person).body(wanted).post("/api/v1/api-keys");
        made.then().statusCode(201).body("expires_at", equalTo("2999-01-01T00:00:00Z"));
        exchange("api-key", made.path("key"), null).then().statusCode(200);

        sql("update app.api_key set expires_at = now() - interval '1 second' where id = '" + made.path("id") + "'");

        exchange("api-key", made.path("key"), null).then().statusCode(401);
    }

    @Test
    void inventedAndMistypedKeysAreRefused() {
        String key = create(Story.newcomer(), List.of("read")).path("key");
        char last = key.charAt(key.length() - 1);

        exchange("api-key", key.substring(0, key.length() - 1) + (last == 'a' ? 'b' : 'a'), null)
                .then()
                .statusCode(401);
        exchange("api-key", "pk_live_" + "A".repeat(38), null).then().statusCode(401);
        exchange("api-key", ApiKeyText.create().secret().value(), null).then().statusCode(401);
        exchange("api-key", "", null).then().statusCode(401);
    }

    @Test
    void scopesAndNameAreChecked() {
        Story.Person person = Story.newcomer();
        create(person, List.of()).then().statusCode(422).body("errors[0].pointer", equalTo("/scopes"));
        create(person, List.of("admin")).then().statusCode(422).body("errors[0].pointer", equalTo("/scopes"));
        Story.as(person)
                .body(Map.of("name", " ", "scopes", List.of("read")))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(422);
    }

    @Test
    void keysOfAnotherTenantAreNotThere() {
        Response made = create(Story.newcomer(), List.of("read"));

        Story.as(Story.newcomer())
                .delete("/api/v1/api-keys/" + made.path("id"))
                .then()
                .statusCode(404);

        exchange("api-key", made.path("key"), null).then().statusCode(200);
        exchange("api-key", made.path("key"), Story.newcomer().tenantId())
                .then()
                .statusCode(403);
    }

    @Test
    void aKeyMayHaveALimitOfItsOwn() {
        Story.Person person = Story.newcomer();
        Response made = Story.as(person)
                .body(Map.of(
                        "name", "slow", "scopes", List.of("read"), "rate_limit", Map.of("requests_per_minute", 30)))
                .post("/api/v1/api-keys");
        made.then().statusCode(201).body("rate_limit.requests_per_minute", equalTo(30));

        exchange("api-key", made.path("key"), null).then().statusCode(200).body("rate_limit", equalTo(30));
        exchange("api-key", create(person, List.of("read")).path("key"), null)
                .then()
                .body("rate_limit", nullValue());
        Story.as(person)
                .body(Map.of("name", "none", "scopes", List.of("read"), "rate_limit", Map.of("requests_per_minute", 0)))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(422);
        for (String member : List.of("tenant_id", "role", "credits")) {
            Story.as(person)
                    .body(Map.of("name", "x", "scopes", List.of("read"), member, "1"))
                    .post("/api/v1/api-keys")
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void aRotatedKeyWorksBesideItsSuccessorUntilTheOverlapIsOver() {
        Story.Person person = Story.newcomer();
        Response old = create(person, List.of("chat", "read"));
        String path = "/api/v1/api-keys/" + old.path("id") + "/rotation";

        Response fresh = Story.as(person).body(Map.of("overlap_seconds", 60)).post(path);

        fresh.then().statusCode(201).body("scopes", contains("chat", "read")).body("name", equalTo("shop"));
        exchange("api-key", fresh.path("key"), null).then().statusCode(200).body("expires_in", equalTo(300));
        exchange("api-key", old.path("key"), null).then().statusCode(200).body("expires_in", lessThanOrEqualTo(60));
        sql("update app.api_key set expires_at = now() - interval '1 second' where id = '" + old.path("id") + "'");
        exchange("api-key", old.path("key"), null).then().statusCode(401);
        Story.as(person).post(path).then().statusCode(409).body("code", equalTo("API_KEY_ENDED"));

        keys.endThoseRunOut();

        Story.await(
                "the end of the old key",
                () -> Story.events(person.tenantId(), "auth.api-key-revoked.v1").size() == 1);
        Response third = Story.as(person)
                .body(Map.of("overlap_seconds", 0))
                .post("/api/v1/api-keys/" + fresh.path("id") + "/rotation");
        exchange("api-key", fresh.path("key"), null).then().statusCode(401);
        exchange("api-key", third.path("key"), null).then().statusCode(200);
        Story.as(Story.newcomer())
                .post("/api/v1/api-keys/" + third.path("id") + "/rotation")
                .then()
                .statusCode(404);
    }

    @Test
    void useIsNotedAtMostOnceAMinute() {
        Story.Person person = Story.newcomer();
        Response made = create(person, List.of("read"));
        String lastUse = "select last_used_at from app.api_key where id = '" + made.path("id") + "'";
        exchange("api-key", made.path("key"), null).then().statusCode(200);
        String first = sql(lastUse);

        exchange("api-key", made.path("key"), null).then().statusCode(200);

        assertThat(first).isNotNull();
        assertThat(sql(lastUse)).isEqualTo(first);
    }
}
