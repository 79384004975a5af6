package dev.parley.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class AuditIT {
    @Inject
    Database database;

    @Inject
    AuditLogRepository trail;

    private Story.Person ownerWithTrail() {
        Story.Person owner = Story.newcomer();
        for (int i = 0; i < 3; i++) {
            Story.as(owner)
                    .body(Map.of("name", "Renamed " + i, "settings", Map.of("z", i, "a", 1.50)))
                    .patch("/api/v1/tenant")
                    .then()
                    .statusCode(200);
        }
        Story.await("five entries", () -> entries(owner).size() == 5);
        return owner;
    }

    private List<AuditLogEntry> entries(Story.Person owner) {
        return database.inTenant(TenantId.of(owner.tenantId()), handle -> trail.after(handle, 0, 1000));
    }

    @Test
    void theServiceItselfCanOnlyAppend() {
        Story.Person owner = ownerWithTrail();
        TenantId tenant = TenantId.of(owner.tenantId());

        for (String change : List.of(
                "update app.audit_head set seq = 9",
                "delete from app.audit_head",
                "delete from app.audit_key",
                "update app.audit_log set actor = 'x'",
                "delete from app.audit_log",
                "truncate app.audit_log")) {
            assertThatThrownBy(() -> database.useTenant(tenant, handle -> handle.execute(change)))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void anOperationIsTracedForServicesOfItsTenantOnly() {
        Story.Person owner = ownerWithTrail();
        String operation = entries(owner).get(2).fact().operationId().toString();
        String path = "/internal/operations/" + operation;

        Story.with(Story.service(owner.tenantId()))
                .get(path)
                .then()
                .statusCode(200)
                .body("steps", hasSize(1))
                .body("steps[0].service", equalTo("auth-service"))
                .body("steps[0].step", equalTo("audit tenant.change"))
                .body("steps[0].detail.actor", equalTo(owner.userId()));
        Story.with(Story.service(Story.newcomer().tenantId()))
                .get(path)
                .then()
                .statusCode(200)
                .body("steps", hasSize(0));
        Story.as(owner).get(path).then().statusCode(403);
    }

    @Test
    void entriesAreFilteredAndPagedNewestFirst() {
        Story.Person owner = ownerWithTrail();

        Response first = Story.as(owner).get("/api/v1/audit-log?limit=2");
        assertThat(first.<List<Integer>>path("items.seq")).containsExactly(5, 4);
        Response second = Story.as(owner).get("/api/v1/audit-log?limit=3&cursor=" + first.path("next_cursor"));
        assertThat(second.<List<Integer>>path("items.seq")).containsExactly(3, 2, 1);
        assertThat(second.<Object>path("next_cursor")).isNull();
        assertThat(second.<List<String>>path("items.actor_name")).containsOnly("Asha Rao <" + owner.email() + ">");
        assertThat(second.<List<String>>path("items.hash")).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        Story.as(owner).get("/api/v1/audit-log?actor=" + owner.userId()).then().body("items", hasSize(5));
        Story.as(owner).get("/api/v1/audit-log?actor=nobody").then().body("items", hasSize(0));
        Story.as(owner)
                .get("/api/v1/audit-log?from=2999-01-01T00:00:00Z")
                .then()
                .body("items", hasSize(0));
        Story.as(owner).get("/api/v1/audit-log?to=2999-01-01T00:00:00Z").then().body("items", hasSize(5));
        Story.as(owner).get("/api/v1/audit-log?from=yesterday").then().statusCode(400);
        Story.as(Story.newcomer())
                .get("/api/v1/audit-log?actor=" + owner.userId())
                .then()
                .body("items", hasSize(0));
    }

    @Test
    void entriesAreSearchedByResourceAndText() {
        Story.Person owner = ownerWithTrail();

        for (Map.Entry<String, Integer> search : Map.of(
                        "resource_type=member",
                        1,
                        "resource_type=tenant&resource_id=" + owner.tenantId(),
                        4,
                        "q=RENAMED 1",
                        2,
                        "q=tenant.change",
                        3,
                        "q=%25",
                        0,
                        "action=tenant.change&q=renamed 2",
                        1,
                        "q=no such words",
                        0)
                .entrySet()) {
            Story.as(owner)
                    .urlEncodingEnabled(false)
                    .get("/api/v1/audit-log?" + search.getKey().replace(" ", "%20"))
                    .then()
                    .body("items", hasSize(search.getValue()));
        }
    }

    @Test
    void thePlatformsOwnTrailIsForStaffAlone() {
        Story.Person staff = Story.staff();
        String reason = "inventory " + staff.userId() + staff.email();
        Story.as(staff)
                .header("X-Access-Reason", reason)
                .header("X-Access-Ticket", "T-1")
                .get("/api/v1/admin/tenants");

        Story.await("the look is in the trail", () -> Story.as(staff)
                .queryParam("q", reason)
                .get("/api/v1/admin/audit-log")
                .<List<String>>path("items.ticket")
                .equals(List.of("T-1")));
        Story.as(Story.newcomer()).get("/api/v1/admin/audit-log").then().statusCode(403);
    }
}
