package dev.parley.auth.tenant;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.platform.data.Database;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class TenantIT {
    private static final Caller STAFF = new Caller(null, "staff", "password", Set.of("platform-admin"), Set.of());

    @Inject
    TenantService tenants;

    @Inject
    Database database;

    @Test
    void settingsAreMergedAndTheChangeIsAudited() {
        Story.Person owner = Story.newcomer();
        Story.as(owner)
                .get("/api/v1/tenant")
                .then()
                .statusCode(200)
                .body("id", equalTo(owner.tenantId()))
                .body("name", equalTo("Rao & Sons"))
                .body("status", equalTo("pending"))
                .body("settings", equalTo(Map.of()))
                .body("region", equalTo("in"))
                .body("created_at", notNullValue());

        Story.as(owner)
                .body("{\"settings\":{\"a\":1,\"b\":{\"c\":true}}}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(200);
        Story.as(owner)
                .body("{\"name\":\"Rao Ltd\",\"settings\":{\"a\":null,\"b\":{\"d\":2}}}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(200)
                .body("name", equalTo("Rao Ltd"))
                .body("settings", equalTo(Map.of("b", Map.of("c", true, "d", 2))));

        Story.await("the audit entry", () -> entries(owner, "tenant.change") == 2);
        Story.as(owner)
                .get("/api/v1/audit-log?action=tenant.change")
                .then()
                .body("items[0].before.name", equalTo("Rao & Sons"))
                .body("items[0].after.name", equalTo("Rao Ltd"))
                .body("items[0].actor", equalTo(owner.userId()))
                .body("items[0].resource", equalTo(Map.of("type", "tenant", "id", owner.tenantId())));
    }

    @Test
    void wrongChangesAreRefused() {
        Story.Person owner = Story.newcomer();
        Story.as(owner)
                .body("{\"name\":\"  \"}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/name"));
        Story.as(owner)
                .body("{\"status\":\"active\"}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(400);
        Story.as(owner).body("{\"settings\":[]}").patch("/api/v1/tenant").then().statusCode(400);
        Story.as(owner)
                .body(Map.of("settings", Map.of("x", "y".repeat(20_000))))
                .patch("/api/v1/tenant")
                .then()
                .statusCode(422)
                .body("code", equalTo("SETTINGS_TOO_LARGE"));
    }

    @Test
    void ownersChooseRegionAndRetentionAndEveryoneIsTold() {
        Story.Person owner = Story.newcomer();

        Story.as(owner)
                .body("{\"region\":\"eu\",\"retention\":{\"conversations\":90,\"runs\":7}}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(200)
                .body("region", equalTo("eu"))
                .body("retention.conversations", equalTo(90))
                .body("retention.usage", equalTo(null));
        Story.as(owner)
                .body("{\"retention\":{\"runs\":null}}")
                .patch("/api/v1/tenant")
                .then()
                .body("retention", hasEntry("runs", null))
                .body("retention.conversations", equalTo(90));

        for (String wrong : List.of(
                "{\"retention\":{\"conversations\":0}}",
                "{\"retention\":{\"conversations\":3651}}",
                "{\"retention\":{\"secrets\":5}}",
                "{\"region\":\"mars\"}")) {
            Story.as(owner).body(wrong).patch("/api/v1/tenant").then().statusCode(422);
        }
        Story.Person admin = Story.newcomer();
        Story.member(owner, admin, "admin");
        Story.as(admin, owner.tenantId())
                .body("{\"region\":\"us\"}")
                .patch("/api/v1/tenant")
                .then()
                .statusCode(403)
                .body("code", equalTo("OWNER_REQUIRED"));
        Story.await(
                "tenant-changed",
                () -> Story.events(owner.tenantId(), "auth.tenant-changed.v1").size() == 2);
    }

    @Test
    void aDeletedTenantIsOnlyForItsOwnersToBringBack() {
        Story.Person owner = Story.newcomer();
        Story.Person member = Story.newcomer();
        Story.member(owner, member, "member");
        String key = Story.as(owner)
                .body(Map.of("name", "k", "scopes", List.of("read")))
                .post("/api/v1/api-keys")
                .path("key");
        Story.as(owner)
                .body(Map.of("confirmation", "Rao"))
                .delete("/api/v1/tenant")
                .then()
                .statusCode(422)
                .body("code", equalTo("CONFIRMATION_MISMATCH"));

        Story.as(owner)
                .body(Map.of("confirmation", "Rao & Sons"))
                .delete("/api/v1/tenant")
                .then()
                .statusCode(202)
                .body("status", equalTo("deleted"))
                .body("restorable_until", notNullValue());

        Story.exchange("api-key", key, null).then().statusCode(403).body("code", equalTo("TENANT_DELETED"));
        Story.exchange("bearer", member.accessToken(), owner.tenantId())
                .then()
                .statusCode(403)
                .body("code", equalTo("TENANT_DELETED"));
        Story.as(owner, owner.tenantId()).get("/api/v1/tenant").then().statusCode(403);
        Story.as(owner, owner.tenantId()).get("/api/v1/members").then().statusCode(403);
        Story.as(owner)
                .get("/api/v1/me")
                .then()
                .body("role", equalTo(null))
                .body("memberships[0].status", equalTo("deleted"));
        String staff =
                Story.exchange("bearer", Story.staff().accessToken(), null).path("token");
        given().header("Authorization", "Bearer " + staff)
                .header("X-Access-Reason", "they asked")
                .delete("/api/v1/admin/tenants/" + owner.tenantId() + "/suspension")
                .then()
                .statusCode(409)
                .body("code", equalTo("TENANT_STATUS_CONFLICT"));

        Story.as(owner, owner.tenantId())
                .post("/api/v1/tenant/restoration")
                .then()
                .statusCode(200)
                .body("status", equalTo("pending"));
        Story.exchange("api-key", key, null).then().statusCode(200);
        Story.as(owner).post("/api/v1/tenant/restoration").then().statusCode(403);
    }

    @Test
    void aTenantDeletedTooLongAgoStaysSo() {
        Story.Person owner = Story.newcomer();
        Story.as(owner).body(Map.of("confirmation", "Rao & Sons")).delete("/api/v1/tenant");
        Story.sql("update app.tenant set deleted_at = now() - interval '30 days 1 second' where tenant_id = '"
                + owner.tenantId() + "'");

        Story.as(owner).post("/api/v1/tenant/restoration").then().statusCode(409);

        assertThat(tenants.pastRestoration(1_000)).contains(TenantId.of(owner.tenantId()));
    }

    @Test
    void theStatusFollowsTheSubscriptionInTheOrderOfItsVersions() {
        Story.Person owner = Story.newcomer();
        TenantId id = TenantId.of(owner.tenantId());

        assertThat(followed(id, "pending", 1)).isEqualTo("pending");
        assertThat(followed(id, "trial", 3)).isEqualTo("trial");
        assertThat(followed(id, "active", 2)).isEqualTo("trial");
        assertThat(followed(id, "active", 4)).isEqualTo("active");
        assertThat(followed(id, "ended", 5)).isEqualTo("active");
        Story.sql("update app.tenant set status = 'suspended' where tenant_id = '" + id + "'");
        assertThat(followed(id, "trial", 6)).isEqualTo("suspended");
        tenants.restore(STAFF, id, "the dispute is settled");
        assertThat(Story.sql("select status from app.tenant where tenant_id = '" + id + "'"))
                .isEqualTo("trial");
    }

    private String followed(TenantId id, String status, long version) {
        database.useTenant(id, handle -> tenants.follow(handle, id, status, version));
        return Story.sql("select status from app.tenant where tenant_id = '" + id + "'");
    }

    @Test
    void anErasedTenantIsNobodys() {
        Story.Person owner = Story.newcomer();
        TenantId id = TenantId.of(owner.tenantId());
        database.useTenant(id, handle -> tenants.beginErasure(handle, STAFF, "Rao & Sons"));
        Story.exchange("bearer", owner.accessToken(), null)
                .then()
                .statusCode(403)
                .body("code", equalTo("TENANT_DELETED"));

        database.useTenant(id, handle -> tenants.endErasure(handle, id));

        Story.exchange("bearer", owner.accessToken(), owner.tenantId())
                .then()
                .statusCode(403)
                .body("code", equalTo("FORBIDDEN"));
        Story.as(owner).get("/api/v1/me").then().body("memberships", hasSize(0)).body("tenant_id", equalTo(null));
        assertThat(Story.sql("select name || settings from app.tenant where tenant_id = '" + id + "'"))
                .isEqualTo("{}");
        assertThatThrownBy(() -> tenants.suspend(STAFF, id, "late")).hasMessageContaining("TENANT_STATUS_CONFLICT");
    }

    @Test
    void aSuspendedTenantIsRefusedWithEveryCredentialUntilItIsRestored() {
        Story.Person owner = Story.newcomer();
        Story.Person staff = Story.staff();
        String key = Story.as(owner)
                .body(Map.of("name", "k", "scopes", List.of("chat")))
                .post("/api/v1/api-keys")
                .path("key");
        String suspension = "/api/v1/admin/tenants/" + owner.tenantId() + "/suspension";

        Story.as(staff)
                .body(Map.of("reason", "spam"))
                .post(suspension)
                .then()
                .statusCode(200)
                .body("status", equalTo("suspended"))
                .body("suspension_reason", equalTo("spam"));
        Story.as(staff)
                .body(Map.of("reason", "again"))
                .post(suspension)
                .then()
                .statusCode(200)
                .body("suspension_reason", equalTo("spam"));

        Story.exchange("bearer", owner.accessToken(), null)
                .then()
                .statusCode(403)
                .body("code", equalTo("TENANT_SUSPENDED"));
        Story.exchange("bearer", owner.accessToken(), owner.tenantId()).then().statusCode(403);
        Story.exchange("api-key", key, null).then().statusCode(403).body("code", equalTo("TENANT_SUSPENDED"));
        Story.await("tenant-suspended", () -> !Story.events(owner.tenantId(), "auth.tenant-suspended.v1")
                .isEmpty());
        assertThat(Story.events(owner.tenantId(), "auth.tenant-suspended.v1"))
                .containsExactly("{\"reason\": \"spam\", \"tenant_id\": \"" + owner.tenantId() + "\"}");

        String staffs = Story.exchange("bearer", staff.accessToken(), null).path("token");
        given().header("Authorization", "Bearer " + staffs)
                .delete(suspension)
                .then()
                .statusCode(400)
                .body("code", equalTo("ACCESS_REASON_REQUIRED"));
        Story.exchange("bearer", owner.accessToken(), null).then().statusCode(403);
        Story.as(staff)
                .body(Map.of("reason", "cleaned up"))
                .delete(suspension)
                .then()
                .statusCode(204);
        Story.await("the reason in the trail", () -> "cleaned up"
                .equals(Story.sql("select reason from app.audit_log where action = 'tenant.restore' and tenant_id = '"
                        + owner.tenantId() + "'")));
        Story.exchange("bearer", owner.accessToken(), null).then().statusCode(200);
        Story.exchange("api-key", key, null).then().statusCode(200);
        Story.await("tenant-restored", () -> !Story.events(owner.tenantId(), "auth.tenant-restored.v1")
                .isEmpty());
    }

    @Test
    void aLookOfStaffNeedsAReasonAndTheTenantSeesIt() {
        Story.Person owner = Story.newcomer();
        Story.Person staff = Story.staff();
        String path = "/api/v1/admin/tenants/" + owner.tenantId();

        Story.as(staff).get(path).then().statusCode(400).body("code", equalTo("ACCESS_REASON_REQUIRED"));
        Story.as(staff)
                .header("X-Access-Reason", "ticket 7")
                .get(path)
                .then()
                .statusCode(200)
                .body("name", equalTo("Rao & Sons"));

        Story.await("the audit entry", () -> entries(owner, "tenant.read") > 0);
        Story.as(owner)
                .get("/api/v1/audit-log?action=tenant.read")
                .then()
                .body("items", hasSize(1))
                .body("items[0].reason", equalTo("ticket 7"))
                .body("items[0].resource.id", equalTo(owner.tenantId()));
    }

    @Test
    void staffListsTenantsPageByPage() {
        Story.newcomer();
        Story.Person last = Story.newcomer();
        Story.Person staff = Story.staff();

        Story.as(staff)
                .get("/api/v1/admin/tenants?limit=1")
                .then()
                .statusCode(400)
                .body("code", equalTo("ACCESS_REASON_REQUIRED"));
        String cursor = Story.as(staff)
                .header("X-Access-Reason", "ticket 8")
                .get("/api/v1/admin/tenants?limit=1")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .extract()
                .path("next_cursor");
        Story.as(staff)
                .header("X-Access-Reason", "ticket 8")
                .get("/api/v1/admin/tenants?limit=1&cursor=" + cursor)
                .then()
                .statusCode(200)
                .body("items", hasSize(1));
        Story.as(staff).get("/api/v1/admin/tenants?cursor=%21").then().statusCode(400);
        assertThat(allTenants(staff)).contains(last.tenantId()).doesNotHaveDuplicates();
    }

    private static List<String> allTenants(Story.Person staff) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonPath page = Story.as(staff)
                    .header("X-Access-Reason", "ticket 8")
                    .get("/api/v1/admin/tenants?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            ids.addAll(page.getList("items.id"));
            cursor = page.getString("next_cursor");
        }
        return ids;
    }

    @Test
    void staffFindsATenantByItsIdAndByAPartOfItsNameWithoutPatterns() {
        Story.Person owner = Story.newcomer();
        Story.Person staff = Story.staff();
        String name = "Söhne 100% & " + UUID.randomUUID();
        Story.as(owner)
                .body(Map.of("name", name))
                .patch("/api/v1/tenant")
                .then()
                .statusCode(200);

        for (String search :
                List.of(owner.tenantId(), name, name.toUpperCase(Locale.ROOT), "0% & " + name.substring(13))) {
            Story.as(staff)
                    .header("X-Access-Reason", "ticket 9")
                    .queryParam("q", search)
                    .get("/api/v1/admin/tenants")
                    .then()
                    .statusCode(200)
                    .body("items.id", equalTo(List.of(owner.tenantId())));
        }
        Story.as(staff)
                .header("X-Access-Reason", "ticket 9")
                .queryParam("q", "S%ne 100")
                .get("/api/v1/admin/tenants")
                .then()
                .body("items", hasSize(0));
    }

    @Test
    void customersAreNoStaff() {
        Story.Person owner = Story.newcomer();
        Story.as(owner).get("/api/v1/admin/tenants").then().statusCode(403);
        Story.as(owner)
                .body(Map.of("reason", "envy"))
                .post("/api/v1/admin/tenants/" + owner.tenantId() + "/suspension")
                .then()
                .statusCode(403);
        Story.as(Story.staff())
                .body(Map.of("reason", "x"))
                .post("/api/v1/admin/tenants/" + java.util.UUID.randomUUID() + "/suspension")
                .then()
                .statusCode(404);
    }

    private static int entries(Story.Person owner, String action) {
        return Story.as(owner)
                .get("/api/v1/audit-log?action=" + action)
                .<List<?>>path("items")
                .size();
    }
}
