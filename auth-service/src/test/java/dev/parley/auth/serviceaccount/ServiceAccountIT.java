package dev.parley.auth.serviceaccount;

import static dev.parley.auth.Story.exchange;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ServiceAccountIT {
    private static String make(Story.Person person) {
        Response made = Story.as(person)
                .body(Map.of("name", "importer", "description", "nightly"))
                .post("/api/v1/service-accounts");
        made.then().statusCode(201).body("name", equalTo("importer"));
        return made.path("id");
    }

    private static Response key(Story.Person person, String account) {
        return Story.as(person)
                .body(Map.of("name", "k", "scopes", List.of("read"), "service_account_id", account))
                .post("/api/v1/api-keys");
    }

    @Test
    void itsKeysActForItAndEndWithIt() {
        Story.Person person = Story.newcomer();
        String account = make(person);
        Response one = key(person, account);
        one.then().statusCode(201).body("service_account_id", equalTo(account));
        String another = key(person, account).path("key");
        exchange("api-key", one.path("key"), null)
                .then()
                .statusCode(200)
                .body("subject", equalTo("service-account:" + account))
                .body("credential_id", equalTo("api-key:" + one.path("id")));
        Story.with(exchange("api-key", another, null).path("token"))
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("user_id", equalTo("service-account:" + account))
                .body("role", equalTo("api-key"));

        Story.as(person).delete("/api/v1/service-accounts/" + account).then().statusCode(204);

        exchange("api-key", one.path("key"), null).then().statusCode(401);
        exchange("api-key", another, null).then().statusCode(401);
        key(person, account).then().statusCode(404);
        Story.as(person).get("/api/v1/service-accounts").then().body("items", hasSize(0));
        Story.as(person).delete("/api/v1/service-accounts/" + account).then().statusCode(404);
        Story.await(
                "two revocations",
                () -> Story.events(person.tenantId(), "auth.api-key-revoked.v1").size() == 2);
    }

    @Test
    void anotherTenantsAccountIsNotThere() {
        Story.Person person = Story.newcomer();
        String account = make(Story.newcomer());

        key(person, account).then().statusCode(404);
        Story.as(person).delete("/api/v1/service-accounts/" + account).then().statusCode(404);
    }
}
