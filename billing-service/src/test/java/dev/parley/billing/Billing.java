package dev.parley.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the integration tests do as customers, staff and Stripe. */
public final class Billing {
    private Billing() {}

    public static TenantId newTenant() {
        return new TenantId(UUID.randomUUID());
    }

    public static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    public static RequestSpecification owner(TenantId tenant) {
        return as(TestTokens.member(tenant, "owner"));
    }

    public static RequestSpecification staff() {
        return as(TestTokens.platformAdmin());
    }

    /** Publishes a plan with concierge on the web and one credit per message. */
    public static void plan(String code, long price, long credits, int trialDays) {
        staff().body("""
                        {"code":"%s","name":"Plan %s","price":{"amount":%d,"currency":"INR"},"interval":"month",
                         "credits":%d,"rates":{"message":{"credits":1,"per":1}},"agents":["concierge"],
                         "channels":["web"],"quotas":{"tasks":10},"overage":{"mode":"block"},"trial_days":%d}
                        """.formatted(code, code, price, credits, trialDays))
                .post("/api/v1/admin/plans")
                .then()
                .statusCode(201);
    }

    /** A new tenant in its trial of {@code free}, with 1,000 credits. */
    public static TenantId tenantInTrial() {
        if (count("select count(*) from app.plan where code = 'free'") == 0) {
            plan("free", 0, 1_000, 14);
        }
        TenantId tenant = newTenant();
        created(tenant);
        eventually(() -> assertThat(status(tenant)).isEqualTo("trial"));
        return tenant;
    }

    public static void created(TenantId tenant) {
        Events.publish(
                "auth.tenant.events",
                "auth.tenant-created.v1",
                tenant,
                "{\"tenant_id\":\"%s\",\"name\":\"T\",\"owner_user_id\":\"u\",\"owner_email\":\"o@example.com\"}"
                        .formatted(tenant));
    }

    public static Response checkout(TenantId tenant, String plan) {
        return owner(tenant).body("""
                        {"plan":"%s","provider":"stripe","success_url":"https://shop.example/ok",
                         "cancel_url":"https://shop.example/no"}
                        """.formatted(plan)).post("/api/v1/checkout");
    }

    /** Begins a checkout and returns the session's id at Stripe. */
    public static String session(TenantId tenant, String plan) {
        String url = checkout(tenant, plan).then().statusCode(201).extract().path("url");
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** A tenant that paid for a plan; returns the subscription's id at Stripe. */
    public static String paid(TenantId tenant, String plan, Instant from) {
        String session = session(tenant, plan);
        String subscription = StripeStub.shared().pay(session, from, from.plus(Duration.ofDays(30)));
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo(plan));
        return subscription;
    }

    /** Delivers an event, signed now. */
    public static Response webhook(String body) {
        return webhook(
                body,
                StripeStub.signature(
                        body, StripeStub.WEBHOOK_SECRET, Instant.now().getEpochSecond()));
    }

    public static Response webhook(String body, String signature) {
        return given().contentType("application/json; charset=utf-8")
                .header("Stripe-Signature", signature)
                .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post("/webhooks/stripe");
    }

    public static JsonPath subscription(TenantId tenant) {
        return owner(tenant)
                .get("/api/v1/subscription")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    public static String status(TenantId tenant) {
        Response answer = owner(tenant).get("/api/v1/subscription");
        return answer.statusCode() == 200 ? answer.path("status") : "none";
    }

    /** The balance of a ledger account. */
    public static long ledger(TenantId tenant, String account) {
        return count("select coalesce(sum(credits), 0) from app.ledger_entry where tenant_id = '%s' and account = '%s'"
                .formatted(tenant, account));
    }

    public static long count(String sql) {
        return Long.parseLong(text(sql));
    }

    /** The one value of a query. */
    public static String text(String sql) {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public static void sql(String sql) {
        PostgresServer.shared().execute(ParleyTestResource.DATABASE, sql);
    }

    /** Waits up to thirty seconds until the assertion holds. */
    public static void eventually(ThrowingCallable assertion) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                assertion.call();
                return;
            } catch (Throwable notYet) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("still not after thirty seconds: " + notYet.getMessage(), notYet);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
