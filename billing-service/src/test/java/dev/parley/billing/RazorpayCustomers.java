package dev.parley.billing;

import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.subscription;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the integration tests do as customers of Razorpay, and as Razorpay. */
public final class RazorpayCustomers {
    private RazorpayCustomers() {}

    /** Begins a checkout of a plan. */
    public static Response checkout(TenantId tenant, String plan, String key) {
        return owner(tenant)
                .header("Idempotency-Key", key)
                .body("""
                        {"plan":"%s","provider":"razorpay","success_url":"https://shop.example/ok?a=1&b=2",
                         "cancel_url":"https://shop.example/no"}
                        """.formatted(plan))
                .post("/api/v1/checkout");
    }

    public static String key() {
        return UUID.randomUUID().toString();
    }

    public static String subscriptionOf(String url) {
        Matcher id = Pattern.compile("/checkout/razorpay/(sub_\\d+)\\?").matcher(url);
        assertThat(id.find()).as(url).isTrue();
        return id.group(1);
    }

    /** Begins a checkout and returns the subscription's id at Razorpay. */
    public static String opened(TenantId tenant, String plan) {
        return subscriptionOf(
                checkout(tenant, plan, key()).then().statusCode(201).extract().path("url"));
    }

    /** A tenant that paid for a plan; returns the subscription's id at Razorpay. */
    public static String paid(TenantId tenant, String plan, Instant from) {
        String id = opened(tenant, plan);
        RazorpayStub.shared().pay(id, from, from.plus(Duration.ofDays(30)));
        webhook(RazorpayStub.event("subscription.charged", "subscription", id))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo(plan));
        return id;
    }

    /** Delivers an event, signed, with an id of its own. */
    public static Response webhook(String body) {
        return webhook(body, RazorpayStub.WEBHOOK_SECRET, "evt_" + UUID.randomUUID());
    }

    public static Response webhook(String body, String secret, String eventId) {
        return given().contentType("application/json")
                .header("X-Razorpay-Signature", RazorpayStub.signature(body, secret))
                .header("X-Razorpay-Event-Id", eventId)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/razorpay");
    }
}
