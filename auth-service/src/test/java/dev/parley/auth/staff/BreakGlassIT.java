package dev.parley.auth.staff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class BreakGlassIT {
    private static final Map<String, String> WHY = Map.of("reason", "the customer misses a reply", "ticket", "T-42");

    @Inject
    BreakGlassService grants;

    private static Response open(Story.Person staff, String tenantId, Object body) {
        return Story.as(staff).body(body).post("/api/v1/admin/tenants/" + tenantId + "/break-glass");
    }

    private static Response exchange(Story.Person staff, String tenantId) {
        return Story.exchange("bearer", staff.accessToken(), tenantId);
    }

    private static List<String> actions(Story.Person owner) {
        return Story.as(owner).get("/api/v1/staff-access").path("items.action");
    }

    @Test
    void grantGivesTheOneRoleForHalfAnHourAtMostAndTheTenantSeesIt() throws Exception {
        Story.Person staff = Story.staff();
        Story.Person owner = Story.newcomer();
        exchange(staff, owner.tenantId()).then().statusCode(403);

        Response opened = open(staff, owner.tenantId(), WHY);

        opened.then().statusCode(201).body("open", equalTo(true)).body("ticket", equalTo("T-42"));
        Response context = exchange(staff, owner.tenantId());
        context.then().statusCode(200).body("tenant_id", equalTo(owner.tenantId()));
        JwtClaims claims = new JwtConsumerBuilder()
                .setSkipSignatureVerification()
                .setSkipDefaultAudienceValidation()
                .build()
                .processToClaims(context.path("token"));
        assertThat(claims.getStringListClaimValue("roles")).containsExactly("break-glass");
        assertThat(claims.getStringListClaimValue("scopes")).containsExactly("read");
        assertThat(claims.getStringClaimValue("access_id")).isEqualTo(opened.path("id"));
        assertThat(claims.getStringClaimValue("access_reason")).isEqualTo("the customer misses a reply");
        assertThat(claims.getStringClaimValue("access_ticket")).isEqualTo("T-42");
        Story.await("the tenant sees the opening", () -> actions(owner).equals(List.of("break-glass.open")));
        assertThat(Story.sql("select count(*) from app.mail where tenant_id = '" + owner.tenantId() + "'"))
                .as("the owner gets a mail")
                .isEqualTo("1");
        Story.as(owner)
                .get("/api/v1/staff-access")
                .then()
                .body("open", hasSize(1))
                .body("items[0].reason", equalTo("the customer misses a reply"))
                .body("items[0].ticket", equalTo("T-42"))
                .body("items[0].staff", equalTo(true));

        Story.as(staff)
                .delete("/api/v1/admin/break-glass/" + opened.path("id"))
                .then()
                .statusCode(204);
        exchange(staff, owner.tenantId()).then().statusCode(403);
        Story.await(
                "the tenant sees the end", () -> actions(owner).equals(List.of("break-glass.end", "break-glass.open")));
        Story.as(owner).get("/api/v1/staff-access").then().body("open", hasSize(0));
    }

    /** Nothing of auth-service is an individual record: not the keys, not the people, not the trail. */
    @Test
    void grantOpensNothingHereAndChangesNothing() {
        Story.Person staff = Story.staff();
        Story.Person owner = Story.newcomer();
        open(staff, owner.tenantId(), WHY).then().statusCode(201);
        String context = exchange(staff, owner.tenantId()).path("token");

        for (String path :
                List.of("api-keys", "members", "tenant", "audit-log", "audit-log/keys", "staff-access", "me")) {
            Story.with(context).get("/api/v1/" + path).then().statusCode(403);
        }
        for (String path : List.of("api/v1/admin/tenants", "api/v1/admin/break-glass", "api/v1/admin/audit-log")) {
            Story.with(context)
                    .header("X-Access-Reason", "x")
                    .get("/" + path)
                    .then()
                    .statusCode(403);
        }
        Story.with(context)
                .body(Map.of("name", "Mine"))
                .patch("/api/v1/tenant")
                .then()
                .statusCode(403);
        Story.with(context)
                .body(Map.of("name", "k", "scopes", List.of("read")))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(403);
    }

    @Test
    void grantEndsByItselfEvenInTheMiddleOfUse() {
        Story.Person staff = Story.staff();
        Story.Person owner = Story.newcomer();
        String id = open(staff, owner.tenantId(), WHY).path("id");
        Story.sql(
                "update app.break_glass_grant set expires_at = now() + interval '20 seconds' where id = '" + id + "'");
        exchange(staff, owner.tenantId()).then().statusCode(200).body("expires_in", lessThanOrEqualTo(20));

        Story.sql("update app.break_glass_grant set expires_at = now() - interval '1 second' where id = '" + id + "'");
        exchange(staff, owner.tenantId()).then().statusCode(403);
        grants.endExpired();

        Story.await("the tenant sees the end", () -> actions(owner)
                .equals(List.of("break-glass.expire", "break-glass.open")));
        open(staff, owner.tenantId(), WHY).then().statusCode(201);
    }

    @Test
    void onlyOneGrantLivesPerPersonAndTenant() throws Exception {
        Story.Person staff = Story.staff();
        Story.Person owner = Story.newcomer();
        List<Callable<Integer>> tries = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tries.add(() -> open(staff, owner.tenantId(), WHY).statusCode());
        }
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(6)) {
            for (var answer : all.invokeAll(tries)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
        open(Story.staff(), owner.tenantId(), WHY).then().statusCode(201);
        open(staff, Story.newcomer().tenantId(), WHY).then().statusCode(201);
    }

    @Test
    void badRequestsAreRefused() {
        Story.Person staff = Story.staff();
        Story.Person owner = Story.newcomer();

        open(staff, owner.tenantId(), Map.of("reason", "x")).then().statusCode(422);
        open(staff, owner.tenantId(), Map.of("reason", " ", "ticket", "T"))
                .then()
                .statusCode(422);
        open(staff, UUID.randomUUID().toString(), WHY).then().statusCode(404);
        open(owner, owner.tenantId(), WHY).then().statusCode(403);
        Story.as(owner).get("/api/v1/admin/break-glass").then().statusCode(403);
        Story.as(staff)
                .delete("/api/v1/admin/break-glass/" + UUID.randomUUID())
                .then()
                .statusCode(404);
        exchange(staff, "no-uuid").then().statusCode(403);
        exchange(owner, Story.newcomer().tenantId()).then().statusCode(403);
    }
}
