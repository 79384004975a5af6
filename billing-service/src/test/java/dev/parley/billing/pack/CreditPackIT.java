package dev.parley.billing.pack;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.webhook;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class CreditPackIT {
    @Inject
    SweepForTests sweeper;

    private static Response publish(String code, String members) {
        return staff().body("""
                        {"code":"%s","name":"Pack","price":{"amount":50000,"currency":"INR"},"credits":5000%s}
                        """.formatted(code, members)).post("/api/v1/admin/credit-packs");
    }

    private static Response buy(TenantId tenant, String what) {
        return owner(tenant).body("""
                        {%s,"success_url":"https://shop.example/ok","cancel_url":"https://shop.example/no"}
                        """.formatted(what)).post("/api/v1/checkout");
    }

    private static String session(TenantId tenant, String pack) {
        String url = buy(tenant, "\"pack\":\"" + pack + "\"")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static void told(String session) {
        webhook(StripeStub.event(
                "evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session));
        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
    }

    @Test
    void aPackIsPublishedAsVersionsThatAnybodyCanSee() {
        publish("shown", "").then().statusCode(201).body("version", equalTo(1)).body("valid_days", nullValue());
        publish("shown", ",\"version\":2,\"valid_days\":30")
                .then()
                .statusCode(201)
                .body("version", equalTo(2))
                .body("valid_days", equalTo(30));
        publish("shown", ",\"version\":2").then().statusCode(409).body("code", equalTo("CREDIT_PACK_VERSION_CONFLICT"));

        given().get("/api/v1/credit-packs")
                .then()
                .statusCode(200)
                .body("items.find { it.code == 'shown' }.version", equalTo(2))
                .body("items.find { it.code == 'shown' }.price.amount", equalTo(50_000));
    }

    @Test
    void whatCannotBeAPackIsRefused() {
        publish("Bad code", "").then().statusCode(422);
        publish("zero", ",\"valid_days\":0").then().statusCode(422);
        staff().body("""
                        {"code":"free","name":"Pack","price":{"amount":0,"currency":"INR"},"credits":5}
                        """).post("/api/v1/admin/credit-packs").then().statusCode(422);
        staff().body("""
                        {"code":"odd","name":"Pack","price":{"amount":5,"currency":"ZZZ"},"credits":5}
                        """)
                .post("/api/v1/admin/credit-packs")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/price/currency"));
        owner(tenantInTrial())
                .body("{}")
                .post("/api/v1/admin/credit-packs")
                .then()
                .statusCode(403);
    }

    @Test
    void onePaidPackIsOneLotHoweverOftenItIsTold() {
        publish("five", "").then().statusCode(201);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "five");
        told(session);
        assertThat(-ledger(tenant, "credits:granted")).as("not paid yet").isEqualTo(1_000);

        StripeStub.shared().payPack(session);
        told(session);
        told(session);
        sql("update app.checkout set next_check_at = now(), status = 'open' where tenant_id = '" + tenant + "'");
        sweeper.sweep();

        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 5_000);
        assertThat(count("select count(*) from app.credit_lot where source = 'pack' and paid_amount = 50000"
                        + " and expires_at is null and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aPackThatIsValidForSomeTimeExpires() {
        publish("short", ",\"valid_days\":10").then().statusCode(201);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "short");
        StripeStub.shared().payPack(session);
        told(session);
        assertThat(count("select round(extract(epoch from expires_at - created_at) / 86400) from app.credit_lot"
                        + " where source = 'pack' and tenant_id = '" + tenant + "'"))
                .isEqualTo(10);

        sql("update app.credit_lot set expires_at = now() where source = 'pack' and tenant_id = '" + tenant + "'");
        sweeper.sweep();

        assertThat(count("select count(*) from app.credit_lot where source = 'pack' and close_requested_at is not null"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void onlyOneThingIsBoughtAtATime() {
        TenantId tenant = tenantInTrial();

        buy(tenant, "\"pack\":\"five\",\"plan\":\"free\"").then().statusCode(422);
        buy(tenant, "\"provider\":\"stripe\"").then().statusCode(422);
        buy(tenant, "\"pack\":\"nowhere\"").then().statusCode(422).body("code", equalTo("CREDIT_PACK_UNKNOWN"));
    }
}
