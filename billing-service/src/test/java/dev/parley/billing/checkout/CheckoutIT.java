package dev.parley.billing.checkout;

import static dev.parley.billing.Billing.checkout;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class CheckoutIT {
    private static final String BODY = """
        {"plan":"buy","provider":"stripe","success_url":"https://shop.example/ok",
         "cancel_url":"https://shop.example/no"}
        """;

    @Test
    void aPaidPlanAnswersWithThePageToPayOn() {
        plan("buy", 499_900, 49_990, 0);
        TenantId tenant = tenantInTrial();

        checkout(tenant, "buy")
                .then()
                .statusCode(201)
                .body("provider", equalTo("stripe"))
                .body("url", startsWith("https://checkout.example/cs_test_"));

        assertThat(count("select count(*) from app.checkout where status = 'open' and amount = 499900 and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1);
        assertThat(subscription(tenant).getString("status")).isEqualTo("trial");
    }

    @Test
    void aPlanOfPriceZeroIsActiveAtOnceAndGrantsOncePerMonth() {
        plan("gift", 0, 300, 0);
        plan("gift-two", 0, 50, 0);
        TenantId tenant = tenantInTrial();

        owner(tenant)
                .body("{\"plan\":\"gift\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(201)
                .body("url", nullValue());
        assertThat(subscription(tenant).getString("status")).isEqualTo("active");
        assertThat(subscription(tenant).getString("plan")).isEqualTo("gift");
        for (String plan : List.of("gift", "gift-two", "gift", "gift-two")) {
            owner(tenant)
                    .body("{\"plan\":\"" + plan + "\"}")
                    .post("/api/v1/checkout")
                    .then()
                    .statusCode(201);
        }

        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 300 + 50);
    }

    @Test
    void thirtyTwoCheckoutsWithOneKeyMakeOneSession() throws Exception {
        plan("buy", 499_900, 49_990, 0);
        TenantId tenant = tenantInTrial();
        String key = UUID.randomUUID().toString();
        int before = StripeStub.shared().sessionsMade();

        List<Response> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Response>> requests = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                requests.add(threads.submit(() ->
                        owner(tenant).header("Idempotency-Key", key).body(BODY).post("/api/v1/checkout")));
            }
            for (Future<Response> request : requests) {
                answers.add(request.get());
            }
        }

        assertThat(answers).extracting(Response::statusCode).contains(201).isSubsetOf(201, 409);
        Set<String> urls = answers.stream()
                .filter(answer -> answer.statusCode() == 201)
                .map(answer -> answer.<String>path("url"))
                .collect(Collectors.toSet());
        assertThat(urls).hasSize(1);
        assertThat(StripeStub.shared().sessionsMade() - before).isEqualTo(1);
        assertThat(count("select count(*) from app.checkout where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        owner(tenant)
                .header("Idempotency-Key", key)
                .body(BODY.replace("/no", "/other"))
                .post("/api/v1/checkout")
                .then()
                .statusCode(422);
    }

    @Test
    void anAnswerThatIsLostLeavesTheIntentUnknownAndTheRetryFindsTheSameSession() {
        plan("buy", 499_900, 49_990, 0);
        TenantId tenant = tenantInTrial();
        String key = UUID.randomUUID().toString();
        int before = StripeStub.shared().sessionsMade();
        StripeStub.shared().loseAnswers(2); // the JDK sends a POST twice whose answer is cut

        owner(tenant)
                .header("Idempotency-Key", key)
                .body(BODY)
                .post("/api/v1/checkout")
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));
        assertThat(count("select count(*) from app.checkout where status = 'unknown' and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        owner(tenant)
                .header("Idempotency-Key", key)
                .body(BODY)
                .post("/api/v1/checkout")
                .then()
                .statusCode(201);

        assertThat(StripeStub.shared().sessionsMade() - before).isEqualTo(1);
        assertThat(count("select count(*) from app.checkout where status = 'open' and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aCurrencyThatTheProviderDoesNotTakeEndsTheIntentAndChangesNothing() {
        staff().body("""
            {"code":"won","name":"Won","price":{"amount":100,"currency":"KPW"},"interval":"month",
             "credits":10,"rates":{},"agents":[],"channels":[],"quotas":{},"overage":{"mode":"block"},
             "trial_days":0}
            """).post("/api/v1/admin/plans").then().statusCode(201);
        TenantId tenant = tenantInTrial();

        checkout(tenant, "won").then().statusCode(502).body("code", equalTo("PAYMENT_PROVIDER_REFUSED"));

        assertThat(text("select status from app.checkout where tenant_id = '" + tenant + "'"))
                .isEqualTo("refused");
        assertThat(subscription(tenant).getString("status")).isEqualTo("trial");
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000);
    }

    @Test
    void whatCannotBeBoughtIsRefusedBeforeAnythingIsStored() {
        TenantId tenant = tenantInTrial();
        long before = count("select count(*) from app.checkout");

        checkout(tenant, "nowhere").then().statusCode(422).body("code", equalTo("PLAN_UNKNOWN"));
        owner(tenant)
                .body(BODY.replace("stripe", "paypal"))
                .post("/api/v1/checkout")
                .then()
                .statusCode(422)
                .body("code", equalTo("PAYMENT_PROVIDER_UNKNOWN"));
        owner(tenant)
                .body(BODY.replace("https://shop.example/ok", "javascript:alert(1)"))
                .post("/api/v1/checkout")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/success_url"));
        owner(tenant)
                .body("{\"plan\":\"buy\",\"tenant_id\":\"x\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(400);

        assertThat(count("select count(*) from app.checkout")).isEqualTo(before);
    }
}
