package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Webhooks.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.parley.channel.Webhooks.Received;
import dev.parley.channel.webhooklog.LogService;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints of outgoing webhooks: who may have them, where, and with which secrets. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class WebhookEndpointIT {
    private static final String URL = "http://127.0.0.1:65000/parley";

    @Inject
    LogService log;

    @Test
    void aSecondRotationWaitsForTheFirstAndARevocationEndsAllSecretsBefore() {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            JsonPath made = partner.endpoint(tenant);
            String rotation = path(made.getString("id")) + "/secret-rotation";
            String second = admin(tenant)
                    .noContentType()
                    .post(rotation)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("secret");

            admin(tenant)
                    .post(rotation)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("WEBHOOK_SECRET_ROTATING"))
                    .body("previous_secret_until", notNullValue());
            admin(tenant).post(rotation + "?previous=both").then().statusCode(422);
            String third = admin(tenant)
                    .post(rotation + "?previous=revoke")
                    .then()
                    .statusCode(200)
                    .body("previous_secret_until", nullValue())
                    .extract()
                    .path("secret");

            Webhooks.test(tenant, made.getString("id"));
            await(() -> partner.received.size() == 1);
            Received told = partner.received.getFirst();
            assertThatCode(() -> new Webhook(third).verify(told.body(), told.headers()))
                    .doesNotThrowAnyException();
            for (String revoked : List.of(made.getString("secret"), second)) {
                assertThatThrownBy(() -> new Webhook(revoked).verify(told.body(), told.headers()))
                        .isInstanceOf(WebhookVerificationException.class);
            }
        }
    }

    @Test
    void anEndpointIsMadeShownChangedAndDeletedAndItsSecretShownOnce() {
        TenantId tenant = newTenant();
        JsonPath made = admin(tenant)
                .body(Map.of("url", URL, "events", List.of("message.sent"), "description", "CRM"))
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(201)
                .body("status", equalTo("active"))
                .body("concurrency", equalTo(8))
                .body("fifo", equalTo(false))
                .extract()
                .jsonPath();
        String id = made.getString("id");
        assertThat(made.getString("secret")).startsWith("whsec_");

        for (RequestSpecification reader : List.of(member(tenant), as(TestTokens.apiKey(tenant, "read")))) {
            reader.get(path(id))
                    .then()
                    .statusCode(200)
                    .body("secret", nullValue())
                    .body("url", equalTo("http://127.0.0.1:65000/"));
        }
        admin(tenant).get(path(id)).then().body("url", equalTo(URL));
        admin(tenant).get("/api/v1/webhook-endpoints").then().body("items[0].url", equalTo(URL));
        member(tenant)
                .get("/api/v1/webhook-endpoints")
                .then()
                .body("items", hasSize(1))
                .body("items[0].secret", nullValue())
                .body("items[0].url", equalTo("http://127.0.0.1:65000/"));
        admin(tenant)
                .body(Map.of("events", List.of("*"), "concurrency", 3, "status", "disabled"))
                .patch(path(id))
                .then()
                .statusCode(200)
                .body("events", hasItem("*"))
                .body("concurrency", equalTo(3))
                .body("description", equalTo("CRM"))
                .body("disabled_reason", equalTo("by hand"));
        admin(tenant)
                .post(path(id) + "/test")
                .then()
                .statusCode(409)
                .body("code", equalTo("WEBHOOK_ENDPOINT_DISABLED"));
        admin(tenant)
                .body(Map.of("status", "active"))
                .patch(path(id))
                .then()
                .statusCode(200)
                .body("disabled_reason", nullValue());
        admin(tenant).delete(path(id)).then().statusCode(204);
        member(tenant).get(path(id)).then().statusCode(404);
        member(tenant).get("/api/v1/webhook-endpoints").then().body("items", hasSize(0));
        assertThat(AuditTrail.of(tenant, 4))
                .allSatisfy(entry -> assertThat(entry).contains("http://127.0.0.1:65000/\""))
                .noneSatisfy(entry -> assertThat(entry).contains("/parley"));
        assertThat(text("select encode(secret, 'escape') from app.webhook_endpoint where id = '" + id + "'"))
                .isEmpty();
    }

    @Test
    void secretsAreStoredEncrypted() {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            String secret = partner.endpoint(tenant).getString("secret");

            assertThat(text("select encode(secret, 'escape') from app.webhook_endpoint where tenant_id = '" + tenant
                            + "'"))
                    .isNotEmpty()
                    .doesNotContain(secret, secret.substring(6));
        }
    }

    @Test
    void membersReadAndOnlyAdminsAndKeysThatWriteManage() {
        TenantId tenant = newTenant();
        Map<String, Object> request = Map.of("url", URL, "events", List.of("*"));
        String id = as(TestTokens.apiKey(tenant, "write"))
                .body(request)
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        for (String token : List.of(TestTokens.member(tenant, "member"), TestTokens.apiKey(tenant, "read"))) {
            as(token).get(path(id)).then().statusCode(200);
            as(token).get(path(id) + "/deliveries").then().statusCode(200);
            as(token).body(request).post("/api/v1/webhook-endpoints").then().statusCode(403);
            as(token).body(Map.of()).patch(path(id)).then().statusCode(403);
            as(token).delete(path(id)).then().statusCode(403);
            for (String action : List.of("/secret-rotation", "/test", "/replay", "/deliveries/" + id + "/replay")) {
                as(token).body("{}").post(path(id) + action).then().statusCode(403);
            }
        }
        as(TestTokens.apiKey(tenant, "chat")).get(path(id)).then().statusCode(403);
        as(TestTokens.apiKey(tenant, "write")).get(path(id)).then().statusCode(403);
    }

    @Test
    void anotherTenantsEndpointIsNoEndpoint() {
        TenantId a = newTenant();
        TenantId b = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            String id = partner.endpoint(a).getString("id");
            String delivery = Webhooks.test(a, id);

            member(b).get(path(id)).then().statusCode(404);
            member(b).get("/api/v1/webhook-endpoints").then().body("items", hasSize(0));
            admin(b).body(Map.of("status", "disabled")).patch(path(id)).then().statusCode(404);
            admin(b).delete(path(id)).then().statusCode(404);
            admin(b).post(path(id) + "/secret-rotation").then().statusCode(404);
            admin(b).post(path(id) + "/test").then().statusCode(404);
            admin(b).body(Map.of("from", "2026-01-01T00:00:00Z"))
                    .post(path(id) + "/replay")
                    .then()
                    .statusCode(404);
            member(b).get(path(id) + "/deliveries").then().statusCode(404);
            member(b).get(path(id) + "/deliveries/" + delivery).then().statusCode(404);
            admin(b).post(path(id) + "/deliveries/" + delivery + "/replay")
                    .then()
                    .statusCode(404);
            String ownOfB = partner.endpoint(b).getString("id");
            member(b).get(path(ownOfB) + "/deliveries/" + delivery).then().statusCode(404);
            assertThat(count("select version from app.webhook_endpoint where id = '" + id + "'"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "https://db.internal/",
                        "https://user@a.example/",
                "ftp://hooks.example.com/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "not an address"
            })
    void anAddressInsideIsRefusedWhenItIsMadeAndWhenItIsChanged(String url) {
        TenantId tenant = newTenant();
        admin(tenant)
                .body(Map.of("url", url, "events", List.of("*")))
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(422)
                .body("code", equalTo("WEBHOOK_URL_REFUSED"));
        try (Webhooks partner = Webhooks.listening()) {
            String id = partner.endpoint(tenant).getString("id");

            admin(tenant)
                    .body(Map.of("url", url))
                    .patch(path(id))
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("WEBHOOK_URL_REFUSED"));

            admin(tenant).get(path(id)).then().body("url", equalTo(partner.url()));
        }
    }

    @Test
    void whatIsNotOfferedCannotBeAskedFor() {
        admin(newTenant())
                .body(Map.of("url", URL, "events", List.of("message.sent", "message.eaten")))
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(422)
                .body("code", equalTo("WEBHOOK_EVENT_UNKNOWN"))
                .body("unknown", equalTo(List.of("message.eaten")))
                .body("detail", containsString("credits.exhausted"));
    }

    @Test
    void theFiftyFirstEndpointIsOneTooMany() {
        TenantId tenant = newTenant();
        for (int i = 0; i < 50; i++) {
            admin(tenant)
                    .body(Map.of("url", URL, "events", List.of("*")))
                    .post("/api/v1/webhook-endpoints")
                    .then()
                    .statusCode(201);
        }

        admin(tenant)
                .body(Map.of("url", URL, "events", List.of("*")))
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(409)
                .body("code", equalTo("WEBHOOK_ENDPOINT_LIMIT"));
    }

    @Test
    void duringARotationBothSecretsSignAndAfterItTheNewOneAlone() {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            JsonPath made = partner.endpoint(tenant);
            String id = made.getString("id");
            String old = made.getString("secret");
            Webhooks.test(tenant, id);
            await(() -> partner.received.size() == 1);

            JsonPath rotated = admin(tenant)
                    .post(path(id) + "/secret-rotation")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            Webhooks.test(tenant, id);
            await(() -> partner.received.size() == 2);
            execute("update app.webhook_endpoint set previous_until = now(), version = version + 1 where id = '" + id
                    + "'");
            Webhooks.test(tenant, id);
            await(() -> partner.received.size() == 3);

            String fresh = rotated.getString("secret");
            assertThat(fresh).startsWith("whsec_").isNotEqualTo(old);
            Received during = partner.received.get(1);
            Received after = partner.received.get(2);
            assertThatCode(() -> new Webhook(old).verify(during.body(), during.headers()))
                    .doesNotThrowAnyException();
            assertThatCode(() -> new com.svix.Webhook(fresh).verify(during.body(), during.headers()))
                    .doesNotThrowAnyException();
            assertThatCode(() -> new Webhook(fresh).verify(after.body(), after.headers()))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> new Webhook(old).verify(after.body(), after.headers()))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void aDeletedEndpointGoesWithTheLastOfItsDeliveries() {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            String empty = partner.endpoint(tenant).getString("id");
            String told = partner.endpoint(tenant).getString("id");
            String kept = partner.endpoint(tenant).getString("id");
            Webhooks.test(tenant, told);
            await(() -> partner.received.size() == 1);
            for (String id : List.of(empty, told)) {
                admin(tenant).delete(path(id)).then().statusCode(204);
            }
            log.purge();
            assertThat(endpoints(tenant)).as("too early").isEqualTo(3);
            execute("update app.webhook_endpoint set deleted_at = now() - interval '2 hours' where deleted_at is not"
                    + " null and tenant_id = '" + tenant + "'");

            log.purge();

            assertThat(endpoints(tenant)).isEqualTo(2);
            assertThat(count("select count(*) from app.webhook_queue where endpoint_id = '" + empty + "'"))
                    .isZero();
            assertThat(count("select count(*) from app.webhook_queue where endpoint_id in ('" + told + "','" + kept
                            + "')"))
                    .isEqualTo(2);
        }
    }

    private static long endpoints(TenantId tenant) {
        return count("select count(*) from app.webhook_endpoint where tenant_id = '" + tenant + "'");
    }

    @Test
    void theLogReachesBackThirtyDaysAndWhatIsSentAgainStays() {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening()) {
            String id = partner.endpoint(tenant).getString("id");
            for (int age : new int[] {1, 29, 31, 90}) {
                delivered(tenant, id, "delivered", age, age);
            }
            execute("update app.webhook_queue set active = false where endpoint_id = '" + id + "'");
            delivered(tenant, id, "pending", 40, 1);
            delivered(tenant, id, "pending", 40, 40);

            log.purge();

            assertThat(Webhooks.deliveries(tenant, id, "delivered")).hasSize(2);
            assertThat(Webhooks.deliveries(tenant, id, "pending")).hasSize(1);
        }
    }

    @Test
    void whileOneReplicaEndsOldDeliveriesAnotherDoesNot() throws SQLException {
        TenantId tenant = newTenant();
        try (Webhooks partner = Webhooks.listening();
                Connection other = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                Statement statement = other.createStatement()) {
            String id = partner.endpoint(tenant).getString("id");
            delivered(tenant, id, "delivered", 31, 31);
            other.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(hashtext('webhook_delivery'))");

            assertThat(log.purge()).isFalse();
            assertThat(Webhooks.deliveries(tenant, id, "delivered")).hasSize(1);
            other.commit();
            log.purge();

            assertThat(Webhooks.deliveries(tenant, id, "delivered")).isEmpty();
        }
    }

    private static void delivered(TenantId tenant, String endpoint, String state, int age, int touched) {
        execute("""
            insert into app.webhook_delivery (tenant_id, endpoint_id, event_id, type, payload, state, due_at, created_at,
                                              updated_at)
            values ('%s', '%s', uuidv7(interval '-%d days'), 'message.sent', '{}', '%s', now(),
                    now() - interval '%d days', now() - interval '%d days')
            """.formatted(tenant, endpoint, age, state, age, touched));
    }
}
