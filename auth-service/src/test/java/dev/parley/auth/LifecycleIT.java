package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.KeysetHandle;
import dev.parley.auth.Story.Person;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.lifecycle.TenantData;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.TenantDataKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;

/** Export and erasure of a tenant as far as auth-service goes; it is the only service here. */
@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class LifecycleIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    TenantData data;

    @Test
    void everyTableOfTenantsIsExportedErasedAndRetainedOrSaysWhyNot() throws Exception {
        try (Connection superuser = Story.superuser()) {
            assertThat(TenantDataKit.faults(superuser, data)).isEmpty();
        }
    }

    @Test
    void anExportHoldsWhatWasSeededAndItsManifestProvesIt() throws Exception {
        Person owner = Story.provenNewcomer();
        Person stranger = Story.newcomer();
        Story.as(owner)
                .body(Map.of("name", "canary-key", "scopes", List.of("read")))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(201);
        Story.as(owner)
                .body(Map.of("email", "guest-canary@example.test", "role", "member"))
                .post("/api/v1/invitations")
                .then()
                .statusCode(201);

        Story.await("trail", () -> !"0".equals(trail(owner.tenantId())));
        String id = Story.as(owner)
                .post("/api/v1/export")
                .then()
                .statusCode(202)
                .body("status", equalTo("running"))
                .extract()
                .path("id");
        Story.await("export", () -> "ready"
                .equals(Story.as(owner).get("/api/v1/export/" + id).path("status")));

        Map<String, byte[]> files =
                unzip(Story.as(owner).get("/api/v1/export/" + id + "/file").asByteArray());
        JsonNode manifest = JSON.readTree(files.get("manifest.json"));
        assertThat(manifest.path("schema").asText()).isEqualTo("parley-export/1");
        assertThat(manifest.path("files")).hasSize(files.size() - 1);
        for (JsonNode file : manifest.path("files")) {
            byte[] content = files.get(file.path("file").asText());
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                    .isEqualTo(file.path("sha256").asText());
            assertThat(new String(content, StandardCharsets.UTF_8).lines().count())
                    .isEqualTo(file.path("rows").asLong());
        }
        assertThat(text(files, "members")).contains(owner.email()).contains("\"role\":\"owner\"");
        assertThat(text(files, "api-keys")).contains("canary-key").doesNotContain("sha256");
        assertThat(text(files, "invitations"))
                .contains("guest-canary@example.test")
                .doesNotContain("token");
        assertThat(text(files, "tenant")).contains("Rao & Sons");
        assertThat(text(files, "audit-log")).contains("tenant.create");
        Story.sql("insert into app.export (tenant_id, id, status, requested_by) values ('" + stranger.tenantId()
                + "', '" + UUID.randomUUID() + "', 'running', 'somebody')");
        Story.as(stranger).post("/api/v1/export").then().statusCode(409).body("code", equalTo("EXPORT_RUNNING"));
        Story.as(stranger).get("/api/v1/export/" + id).then().statusCode(404);
        Story.as(stranger).get("/api/v1/export/" + id + "/file").then().statusCode(404);
    }

    @Test
    void anErasedTenantLeavesACertificateAndNothingElse() throws Exception {
        String canary = "c" + UUID.randomUUID().toString().substring(0, 8);
        Person owner = Story.newcomer(canary + "@example.test");
        Story.keycloak("verify", Map.of("email", owner.email()));
        String other = Story.as(owner)
                .body(Map.of("name", "Second " + UUID.randomUUID()))
                .post("/api/v1/tenants")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Story.as(owner)
                .body(Map.of("name", "key of " + canary, "scopes", List.of("read")))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(201);
        KeysetHandle key = Story.eventKey(owner.tenantId());
        RequestSpecification held = Story.as(owner, owner.tenantId());
        Story.await("trail", () -> !"0".equals(trail(owner.tenantId())));
        String head = Story.sql("select hash from app.audit_log where tenant_id = '" + owner.tenantId()
                + "' order by seq desc limit 1");
        assertThat(head).isNotNull();

        held.body(Map.of("confirmation", "not its name"))
                .post("/api/v1/erasure")
                .then()
                .statusCode(422);
        Response begun = Story.as(owner, owner.tenantId())
                .body(Map.of("confirmation", "Rao & Sons"))
                .post("/api/v1/erasure");
        begun.then().statusCode(202);

        Story.exchange("bearer", owner.accessToken(), owner.tenantId()).then().statusCode(403);
        URI certificate = URI.create(begun.path("certificate_url"));
        String path = certificate.getPath() + "?" + certificate.getQuery();
        Story.await("certificate", () -> "done".equals(RestAssured.get(path).path("status")));
        Response shown = RestAssured.get(path);
        JsonNode claims = verified(shown);
        assertThat(claims.path("sub").asText()).isEqualTo(owner.tenantId());
        assertThat(claims.at("/services/auth-service/tables/api_key").asLong()).isEqualTo(1);
        assertThat(claims.at("/services/auth-service/tables/membership").asLong())
                .isEqualTo(1);
        assertThat(claims.at("/services/auth-service/kept/tenant/reason").asText())
                .contains("emptied");
        assertThat(claims.at("/audit_head/hash").asText()).hasSize(64);
        RestAssured.get(certificate.getPath() + "?token=wrong").then().statusCode(404);
        RestAssured.get(certificate.getPath()).then().statusCode(404);

        assertThat(Story.sql("select count(*) from app.api_key where tenant_id = '" + owner.tenantId() + "'"))
                .isEqualTo("0");
        assertThat(Story.sql("select name from app.tenant where tenant_id = '" + owner.tenantId() + "'"))
                .isEmpty();
        Story.with(Story.service(owner.tenantId()))
                .get("/internal/event-keys/" + owner.tenantId())
                .then()
                .statusCode(410)
                .body("code", equalTo("TENANT_ERASED"));
        // the owner belongs to another organisation, so the account stays
        Story.exchange("bearer", owner.accessToken(), other).then().statusCode(200);

        redeliver(owner.tenantId(), key);
        redeliver(owner.tenantId(), key);
        Thread.sleep(1_500);
        assertThat(trail(owner.tenantId())).isEqualTo("0");
    }

    @Test
    void peopleWhoBelongNowhereElseAreDeletedWithTheirTenant() {
        String canary = "solo" + UUID.randomUUID().toString().substring(0, 8) + "@example.test";
        Person owner = Story.newcomer(canary);
        RequestSpecification held = Story.as(owner);
        Response begun =
                Story.as(owner).body(Map.of("confirmation", "Rao & Sons")).post("/api/v1/erasure");
        begun.then().statusCode(202);

        held.post("/api/v1/export").then().statusCode(409).body("code", equalTo("TENANT_STATUS_CONFLICT"));
        URI certificate = URI.create(begun.path("certificate_url"));
        Story.await("certificate", () -> "done"
                .equals(RestAssured.get(certificate.getPath() + "?" + certificate.getQuery())
                        .path("status")));

        // (the address of the mail about it goes when that is sent)
        Story.await("no trace", () -> Story.tablesContaining(canary).isEmpty());
        assertThat(Story.keycloak("users", Map.of()).toString()).doesNotContain(canary);
    }

    @Test
    void whoWasRemovedBeforeOrBelongsElsewhereOutlivesATenant() {
        Person owner = Story.newcomer();
        Person removed = Story.newcomer();
        Person elsewhere = Story.newcomer();
        Person doomed = Story.newcomer();
        for (Person guest : List.of(removed, elsewhere, doomed)) {
            Story.member(owner, guest, "member");
        }
        Story.sql("update app.membership set removed_at = now() where tenant_id = '" + owner.tenantId()
                + "' and user_id = '" + removed.userId() + "'");
        Story.sql("update app.membership set removed_at = now() where tenant_id = '" + removed.tenantId() + "'");
        Story.sql("update app.tenant set status = 'erasing' where tenant_id = '" + doomed.tenantId() + "'");

        Response begun =
                Story.as(owner).body(Map.of("confirmation", "Rao & Sons")).post("/api/v1/erasure");
        begun.then().statusCode(202);
        URI certificate = URI.create(begun.path("certificate_url"));
        Story.await("certificate", () -> "done"
                .equals(RestAssured.get(certificate.getPath() + "?" + certificate.getQuery())
                        .path("status")));

        assertThat(Story.keycloak("users", Map.of()).toString())
                .contains(removed.email(), elsewhere.email())
                .doesNotContain(owner.email(), doomed.email());
        Story.login(removed.email());
        Story.exchange("bearer", Story.login(elsewhere.email()), elsewhere.tenantId())
                .then()
                .statusCode(200);
    }

    private static String trail(String tenant) {
        return Story.sql("select count(*) from app.audit_log where tenant_id = '" + tenant + "'");
    }

    private static JsonNode verified(Response shown) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setCompactSerialization(shown.path("certificate"));
        PublicJsonWebKey key =
                (PublicJsonWebKey) new JsonWebKeySet(JSON.writeValueAsString(shown.<Map<String, Object>>path("keys")))
                        .findJsonWebKey(signature.getKeyIdHeaderValue(), null, null, null);
        signature.setKey(key.getPublicKey());
        assertThat(signature.verifySignature()).isTrue();
        return JSON.readTree(signature.getPayload());
    }

    /** An event of the tenant as an old backup of the topic would bring it, sealed with the key of then. */
    private static void redeliver(String tenant, KeysetHandle key) throws Exception {
        String id = UUID.randomUUID().toString();
        String type = "platform.audit-recorded.v1";
        byte[] sealed = SecretVault.aead(key)
                .encrypt(
                        """
                        {"at":"2026-01-01T00:00:00Z","actor":"x","action":"old.event","resource_type":"t","resource_id":"i",\
                        "operation_id":"00000000-0000-7000-8000-000000000001"}""".getBytes(StandardCharsets.UTF_8),
                        (tenant + "|" + type + "|" + id + "|i").getBytes(StandardCharsets.UTF_8));
        ProducerRecord<String, byte[]> message = new ProducerRecord<>("platform.audit.events", tenant, sealed);
        Map.of(
                        "ce_id",
                        id,
                        "ce_type",
                        type,
                        "ce_subject",
                        "i",
                        "ce_time",
                        "2026-01-01T00:00:00Z",
                        "ce_tenantid",
                        tenant,
                        "content-type",
                        "application/vnd.parley.sealed")
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(message).get();
        }
    }

    private static String text(Map<String, byte[]> files, String kind) {
        return new String(files.get("auth-service/" + kind + ".jsonl"), StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> unzip(byte[] zip) throws Exception {
        Map<String, byte[]> files = new HashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }
}
