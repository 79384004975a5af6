package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.adapter.fcm.KeyFiles;
import dev.parley.platform.crypto.DataKeyRotation;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All that this service keeps under a tenant's data key goes over to the next one. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class KeyRotationIT {
    private static final String OF = " from app.%s where tenant_id = '%s'";

    @Inject
    DataKeyRotation rotation;

    @Inject
    SecretVault vault;

    @Inject
    Database database;

    @Inject
    @Any
    Instance<SealedColumn> sealed;

    private final TenantId tenant = newTenant();

    @Test
    void secretsCredentialsTokensAndFilesAreThereAfterwards() throws Exception {
        // Given
        String device = "device:" + UUID.randomUUID();
        addDevice(device);
        try (Webhooks partner = Webhooks.listening()) {
            String endpoint = partner.endpoint(tenant).getString("id");
            admin(tenant)
                    .noContentType()
                    .post(Webhooks.path(endpoint) + "/secret-rotation")
                    .then()
                    .statusCode(200);
        }
        String picture = upload(Fakes.PICTURE);
        String old = key("webhook_endpoint", "secret");
        execute("update app.tenant_data_key set created_at = now() - interval '366 days' where tenant_id = '" + tenant
                + "'");

        // When
        assertThat(rotation.run()).isEqualTo(1);

        // Then
        for (String column : List.of(
                "webhook_endpoint.secret",
                "webhook_endpoint.previous_secret",
                "channel_account.credentials",
                "push_device.token")) {
            String[] place = column.split("\\.");
            assertThat(key(place[0], place[1])).as(column).isNotEqualTo(old).isEqualTo(key("push_device", "token"));
            assertThat(count("select count(*)" + OF.formatted(place[0], tenant) + " and encode(substring(" + place[1]
                            + " from 1 for 5), 'hex') = '" + old + "'"))
                    .as(column)
                    .isZero();
        }
        assertThat(opened("push_device", "token")).isEqualTo(device);
        assertThat(opened("webhook_endpoint", "secret"))
                .startsWith("whsec_")
                .isNotEqualTo(opened("webhook_endpoint", "previous_secret"));
        assertThat(opened("channel_account", "credentials")).contains("service_account");
        assertThat(member(tenant).get("/api/v1/media/" + picture).asByteArray()).isEqualTo(Fakes.PICTURE);
        String later = upload(Fakes.PICTURE);
        assertThat(member(tenant).get("/api/v1/media/" + later).asByteArray()).isEqualTo(Fakes.PICTURE);
        assertThat(text("select count(distinct file_key)" + OF.formatted("media", tenant)))
                .as("one key for all files, as long as there are any")
                .isEqualTo("1");
        execute("update app.media set file_key = null where id = '" + picture + "'");
        assertThat(member(tenant).get("/api/v1/media/" + picture).asByteArray()).isEqualTo(Fakes.PICTURE);
    }

    @Test
    void aColumnThatARotationDoesNotKnowIsNotEncrypted() {
        SealedColumn forgotten = SealedColumn.of("contact", "name");

        assertThatThrownBy(() -> database.inTenant(
                        tenant, handle -> vault.encrypt(handle, tenant, forgotten, UUID.randomUUID(), new byte[] {1})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("contact.name is not produced as a bean");
        assertThatThrownBy(() -> vault.encryptIfOpen(tenant, forgotten, UUID.randomUUID(), new byte[] {1}))
                .isInstanceOf(IllegalStateException.class);
    }

    private void addDevice(String token) throws Exception {
        String project = "shop-" + UUID.randomUUID().toString().substring(0, 8);
        admin(tenant)
                .body(Map.of(
                        "type",
                        "fcm",
                        "name",
                        "App",
                        "agent",
                        "concierge",
                        "credentials",
                        Map.of(
                                "service_account",
                                KeyFiles.file(project, FakeFcm.PAIR).toString())))
                .post("/api/v1/channels")
                .then()
                .statusCode(201);
        member(tenant)
                .body(Map.of("token", token, "platform", "android"))
                .post("/api/v1/conversations/" + conversation(tenant, "concierge") + "/devices")
                .then()
                .statusCode(201);
    }

    private String upload(byte[] bytes) {
        return as(TestTokens.member(tenant, "member"))
                .contentType("application/octet-stream")
                .body(bytes)
                .post("/api/v1/media")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private String key(String table, String column) {
        return text("select encode(substring(" + column + " from 1 for 5), 'hex')" + OF.formatted(table, tenant));
    }

    private String opened(String table, String column) {
        SealedColumn place = sealed.stream()
                .filter(one -> one.table().equals(table) && one.column().equals(column))
                .findFirst()
                .orElseThrow();
        return database.inTenant(tenant, handle -> handle.createQuery(
                        "select id, " + column + " as sealed from " + table + " where tenant_id = app.tenant()")
                .map((row, context) -> new String(
                        vault.decrypt(handle, tenant, place, row.getObject("id", UUID.class), row.getBytes("sealed")),
                        StandardCharsets.UTF_8))
                .one());
    }
}
