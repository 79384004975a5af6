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
        return database.inTenant(
                        TenantId.of(owner.tenantId()),
                        handle -> trail.list(handle, new AuditFilter(null, null, null, null), null, 1000))
                .reversed();
    }

    private static boolean isSound(List<AuditLogEntry> entries) {
        boolean begins = entries.getFirst().seq() == 1
                && entries.getFirst().previousHash().equals(AuditFact.GENESIS)
                && entries.getFirst().isWhole();
        for (int i = 1; i < entries.size(); i++) {
            begins &= entries.get(i).follows(entries.get(i - 1));
        }
        return begins;
    }

    @Test
    void theChainIsSoundAndFindsEveryTampering() {
        Story.Person owner = ownerWithTrail();
        assertThat(isSound(entries(owner))).isTrue();
        assertThat(entries(owner)).extracting(entry -> entry.fact().action()).startsWith("tenant.create", "member.add");

        for (String change : List.of(
                "update app.audit_log set actor = 'somebody else' where seq = 3",
                "update app.audit_log set after_state = '{\"name\":\"x\"}' where seq = 4",
                "update app.audit_log set at = at + interval '1 microsecond' where seq = 2",
                "update app.audit_log set reason = 'invented' where seq = 1",
                "update app.audit_log set seq = case seq when 3 then 1004 else 1003 end where seq in (3, 4)",
                "delete from app.audit_log where seq = 3")) {
            Story.Person victim = ownerWithTrail();
            Story.sql(change + " and tenant_id = '" + victim.tenantId() + "'");
            assertThat(isSound(entries(victim))).as(change).isFalse();
        }
    }

    @Test
    void theServiceItselfCanOnlyAppend() {
        Story.Person owner = ownerWithTrail();
        TenantId tenant = TenantId.of(owner.tenantId());

        for (String change : List.of(
                "update app.audit_log set actor = 'x'", "delete from app.audit_log", "truncate app.audit_log")) {
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
}
