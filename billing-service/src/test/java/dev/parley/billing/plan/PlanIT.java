package dev.parley.billing.plan;

import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.staff;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class PlanIT {
    @Test
    void aPlanIsPublicAndAChangeOfAgentsMakesAVersion() {
        plan("plan-it", 499_900, 49_990, 0);

        staff().body("[\"concierge\",\"sales\"]")
                .put("/api/v1/admin/plans/plan-it/agents")
                .then()
                .statusCode(200)
                .body("version", equalTo(2))
                .body("agents", equalTo(java.util.List.of("concierge", "sales")))
                .body("price.amount", equalTo(499_900));

        given().get("/api/v1/plans")
                .then()
                .statusCode(200)
                .body("items.find { it.code == 'plan-it' }.version", equalTo(2))
                .body("items.find { it.code == 'plan-it' }.rates.message.credits", equalTo(1))
                .body("items.find { it.code == 'plan-it' }.rates.message.per", equalTo(1))
                .body("items.find { it.code == 'plan-it' }.overage.mode", equalTo("block"))
                .body("items.find { it.code == 'plan-it' }.interval", equalTo("month"))
                .body("items.find { it.code == 'plan-it' }.trial_days", equalTo(0));
        assertThat(Billing.count("select jsonb_array_length(agents) from app.plan_version"
                        + " where plan_code = 'plan-it' and version = 1"))
                .isEqualTo(1);
    }

    @Test
    void everyChangeIsAudited() {
        plan("audited", 0, 5, 0);

        Billing.eventually(() -> assertThat(Events.of("platform.audit.events", TenantId.PLATFORM))
                .anySatisfy(event -> {
                    assertThat(event.data().get("action").asText()).isEqualTo("plan.publish");
                    assertThat(event.data().get("resource_id").asText()).isEqualTo("audited");
                    assertThat(event.data().get("actor").asText()).isEqualTo("staff");
                }));
    }

    @Test
    void wrongFieldsAreNamedTogether() {
        staff().body("""
                        {"code":"wrong","name":"Wrong","price":{"amount":-1,"currency":"XYZ"},
                         "credits":99999999999999999999999999,"agents":["Not a slug"],"channels":["web"],
                         "overage":{"mode":"forgive"}}
                        """)
                .post("/api/v1/admin/plans")
                .then()
                .statusCode(422)
                .body("code", equalTo("VALIDATION_FAILED"))
                .body(
                        "errors.pointer",
                        hasItems("/price/amount", "/price/currency", "/credits", "/agents/0", "/overage/mode"));
        assertThat(Billing.count("select count(*) from app.plan where code = 'wrong'"))
                .isZero();
    }

    @Test
    void malformedAndUnknownMembersAre400AndAnUnknownPlan404() {
        staff().body("{\"code\":").post("/api/v1/admin/plans").then().statusCode(400);
        staff().body("{\"tenant_id\":\"x\"}").post("/api/v1/admin/plans").then().statusCode(400);
        staff().body("[\"concierge\"]")
                .put("/api/v1/admin/plans/nowhere/agents")
                .then()
                .statusCode(404)
                .body("code", equalTo("PLAN_NOT_FOUND"));
    }

    @Test
    void changesAtTheSameTimeAreNumberedWithoutGaps() throws Exception {
        plan("busy", 0, 5, 0);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changes = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> staff().body("[\"agent-" + i + "\"]")
                            .put("/api/v1/admin/plans/busy/agents")
                            .statusCode()))
                    .toList();
            for (var change : changes) {
                assertThat(change.get()).isEqualTo(200);
            }
        }

        assertThat(Billing.count("select max(version) from app.plan_version where plan_code = 'busy'"))
                .isEqualTo(9);
        assertThat(Billing.count("select count(*) from app.plan_version where plan_code = 'busy'"))
                .isEqualTo(9);
    }
}
