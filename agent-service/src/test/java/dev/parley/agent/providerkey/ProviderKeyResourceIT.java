package dev.parley.agent.providerkey;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.read;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.value;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.parley.agent.AgentFixtures;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class ProviderKeyResourceIT {
    private static final String KEYS = "/api/v1/provider-keys";

    @Test
    void aTenantsOwnKeyIsUsedForItAloneUntilItIsRemoved() {
        // Given
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String key = "sk-own-" + UUID.randomUUID();

        // When
        String id = set(tenant, "openai", key)
                .body("provider", equalTo("default"))
                .extract()
                .path("id");

        // Then
        Map<String, Object> request = run(agent, aText("ok"));
        post(tenant, request).then().statusCode(200).body("key_owner", equalTo("tenant"));
        assertThat(authorization(request)).isEqualTo("Bearer " + key);
        assertThat(read(events("agent.usage.events", event -> event.value()
                                        .contains((String) request.get("operation_id")))
                                .getFirst()
                                .value())
                        .at("/key_owner")
                        .asText())
                .isEqualTo("tenant");
        Map<String, Object> ofAnother = run(agent, aText("ok"));
        post(aTenant(), ofAnother).then().statusCode(200).body("key_owner", equalTo("platform"));
        assertThat(authorization(ofAnother)).isEqualTo("Bearer sk-environment");

        // and a removed key is not used again
        admin(tenant).delete(KEYS + "/" + id).then().statusCode(204);
        Map<String, Object> after = run(agent, aText("ok"));
        post(tenant, after).then().statusCode(200).body("key_owner", equalTo("platform"));
        assertThat(authorization(after)).isEqualTo("Bearer sk-environment");
        admin(tenant).delete(KEYS + "/" + id).then().statusCode(404);
    }

    @Test
    void whatAnotherReplicaChangedIsForgottenHere() {
        // Given a key at hand that another replica removes
        TenantId tenant = aTenant();
        String agent = readyAgent();
        set(tenant, "default", "sk-own-here");
        post(tenant, run(agent, aText("ok"))).then().body("key_owner", equalTo("tenant"));
        execute("delete from provider_key where tenant_id = ?", tenant.value());

        // When the audit trail tells
        AgentFixtures.publish(
                UUID.randomUUID(),
                "platform.audit.events",
                "platform.audit-recorded.v1",
                tenant,
                Map.of("action", "provider-key.remove"));

        // Then
        eventually(() -> post(tenant, run(agent, aText("ok"))).<String>path("key_owner"), "platform"::equals);
    }

    @Test
    void aKeyIsReplacedNeverShownAndEncrypted() {
        TenantId tenant = aTenant();
        String key = "sk-own-" + UUID.randomUUID();
        set(tenant, "default", "sk-before-this").body(not(containsString("sk-before")));
        set(tenant, "default", key).body(not(containsString(key)));

        admin(tenant)
                .get(KEYS)
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].provider", equalTo("default"))
                .body(not(containsString(key)));
        admin(aTenant()).get(KEYS).then().body("items", hasSize(0));
        assertThat(value("select count(*) from provider_key where tenant_id = ?", tenant.value()))
                .isEqualTo("1");
        assertThat(value("""
            select position(convert_to(?, 'UTF8') in api_key) from provider_key where tenant_id = ?
            """, key, tenant.value())).isEqualTo("0");
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains("provider-key.set")
                                && event.value().contains(tenant.toString())))
                .allSatisfy(event -> assertThat(event.value()).doesNotContain(key));
    }

    @Test
    void theWrongKeyOfATenantIsItsOwnFailure() {
        TenantId tenant = aTenant();
        String agent = readyAgent();
        set(tenant, "default", "sk-bad-one");

        post(tenant, run(agent, aText("ok")))
                .then()
                .statusCode(502)
                .body("code", equalTo("PROVIDER_FAILED"))
                .body("detail", containsString("401"));
        post(aTenant(), run(agent, aText("ok"))).then().statusCode(200);
    }

    @Test
    void onlyAdminsKeepKeysAndOnlyForProvidersThatTakeOne() {
        TenantId tenant = aTenant();
        for (String provider : new String[] {"demo", "nobody"}) {
            admin(tenant)
                    .body(Map.of("provider", provider, "api_key", "sk-12345678"))
                    .post(KEYS)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("PROVIDER_NOT_FOUND"));
        }
        admin(tenant)
                .body(Map.of("provider", "default", "api_key", "with space"))
                .post(KEYS)
                .then()
                .statusCode(422);
        given().auth()
                .oauth2(TestTokens.member(tenant, "member"))
                .contentType(ContentType.JSON)
                .body(Map.of("provider", "default", "api_key", "sk-12345678"))
                .post(KEYS)
                .then()
                .statusCode(403);
    }

    @Test
    void aKeyIsTriedOnItsProvider() {
        TenantId tenant = aTenant();
        String good = set(tenant, "default", "sk-own-good").extract().path("id");
        admin(tenant)
                .post(KEYS + "/{id}/test", good)
                .then()
                .statusCode(200)
                .body("ok", equalTo(true))
                .body("provider", equalTo("default"))
                .body("model", not(equalTo("")));
        TenantId other = aTenant();
        String bad = set(other, "default", "sk-bad-one").extract().path("id");
        admin(other)
                .body(Map.of("model", "any"))
                .post(KEYS + "/{id}/test", bad)
                .then()
                .statusCode(200)
                .body("ok", equalTo(false))
                .body("detail", containsString("401"))
                .body(not(containsString("sk-bad-one")));
        admin(other).post(KEYS + "/{id}/test", good).then().statusCode(404);
        admin(other).get(KEYS + "/providers").then().body("items.name", hasItem("default"));
    }

    @Test
    void aKeyStaysHereWhenItsProviderMovesToAnotherHost() {
        // Given a provider with a tenant's key
        String name = aSlug("moving");
        String url = ConfigProvider.getConfig().getValue("fake.url", String.class);
        String id = AgentFixtures.admin()
                .body(Map.of("name", name, "kind", "openai", "base_url", url + "/v1", "models", List.of("m")))
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        TenantId tenant = aTenant();
        String agent = readyAgent(Map.of("system_prompt", "Hi", "provider", name));
        String key = set(tenant, name, "sk-own-here")
                .body("usable", equalTo(true))
                .extract()
                .path("id");
        Map<String, Object> before = run(agent, aText("ok"));
        post(tenant, before).then().statusCode(200);
        assertThat(authorization(before)).isEqualTo("Bearer sk-own-here");

        // When its host has another name
        AgentFixtures.admin()
                .body(Map.of("base_url", url.replace("127.0.0.1", "localhost") + "/v1", "api_key", "sk-platform-2"))
                .patch("/api/v1/admin/providers/{id}", id)
                .then()
                .statusCode(200);

        // Then the key does not go there, and the tenant is told
        Map<String, Object> after = eventually(
                () -> {
                    Map<String, Object> request = run(agent, aText("ok"));
                    post(tenant, request);
                    return request;
                },
                request -> !authorization(request).equals("Bearer sk-own-here"));
        assertThat(authorization(after))
                .as("nor is the platform's used instead")
                .isIn("", "null");
        admin(tenant).get(KEYS).then().body("items[0].usable", equalTo(false));
        admin(tenant)
                .post(KEYS + "/{id}/test", key)
                .then()
                .body("ok", equalTo(false))
                .body("detail", containsString("Set it again"));
        set(tenant, name, "sk-own-there").body("usable", equalTo(true));
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains(id) && event.value().contains("The key was replaced.")))
                .hasSize(1);
    }

    private static String authorization(Map<String, Object> request) {
        String text = (String) ((Map<?, ?>) ((java.util.List<?>) request.get("messages")).getFirst()).get("content");
        return seen(text).at("/authorization").asText();
    }

    private static io.restassured.response.ValidatableResponse set(TenantId tenant, String provider, String key) {
        return admin(tenant)
                .body(Map.of("provider", provider, "api_key", key))
                .post(KEYS)
                .then()
                .statusCode(201);
    }

    private static RequestSpecification admin(TenantId tenant) {
        return given().auth().oauth2(TestTokens.member(tenant, "admin")).contentType(ContentType.JSON);
    }
}
