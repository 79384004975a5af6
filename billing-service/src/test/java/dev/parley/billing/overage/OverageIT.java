package dev.parley.billing.overage;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingBooks;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.PolicyStub;
import dev.parley.billing.RazorpayCustomers;
import dev.parley.billing.RazorpayStub;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plan of 500 credits for 10,000: each credit of overage costs 20. */
@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class OverageIT {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration SOON = Duration.ofMinutes(30);

    @Inject
    SweepForTests sweeper;

    private final StripeStub stripe = StripeStub.shared();
    private final RazorpayStub razorpay = RazorpayStub.shared();
    private final Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(SOON);

    @BeforeEach
    void catalogue() {
        if (count("select count(*) from app.plan where code = 'overused'") == 0) {
            publish("overused", "{\"mode\":\"charge_up_to_cap\",\"cap\":300}");
            publish("overpriced", "{\"mode\":\"charge_up_to_cap\",\"cap\":300,\"price_per_1000\":1500}");
            publish("overfree", 0, "{\"mode\":\"charge_up_to_cap\",\"cap\":300,\"price_per_1000\":1500}");
            publish("overdear", "{\"mode\":\"charge_up_to_cap\",\"cap\":300,\"price_per_1000\":30000}");
            publish("overcarried", "{\"mode\":\"carry_debt_to_next_cycle\",\"cap\":300}");
        }
    }

    private static void publish(String code, String overage) {
        publish(code, 10_000, overage);
    }

    private static void publish(String code, long price, String overage) {
        staff().body("""
                        {"code":"%1$s","name":"Plan %1$s","price":{"amount":%3$d,"currency":"INR"},"interval":"month",
                         "credits":500,"rates":{"message":{"credits":1,"per":1}},"agents":["concierge"],
                         "channels":["web"],"quotas":{},"overage":%2$s,"trial_days":0}
                        """.formatted(code, overage, price))
                .post("/api/v1/admin/plans")
                .then()
                .statusCode(201);
    }

    /** A customer of Stripe whose period ends in half an hour. */
    private TenantId atStripe(String plan) {
        TenantId tenant = tenantInTrial();
        Billing.paid(tenant, plan, end.minus(MONTH));
        trialIsOver(tenant);
        return tenant;
    }

    private TenantId atRazorpay(String plan) {
        TenantId tenant = tenantInTrial();
        RazorpayCustomers.paid(tenant, plan, end.minus(MONTH));
        trialIsOver(tenant);
        return tenant;
    }

    private static void trialIsOver(TenantId tenant) {
        String lot = text("select id from app.credit_lot where source = 'trial' and tenant_id = '" + tenant + "'");
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":1000}".formatted(lot));
        eventually(() -> assertThat(available(tenant)).isEqualTo(500));
    }

    private static void use(TenantId tenant, long credits) {
        long before = available(tenant);
        Events.publish("policy.usage.events", "policy.usage-settled.v1", tenant, """
                        {"operation_id":"%1$s","agent":"concierge","channel":"web","settled_at":"%3$s","credits":%2$d,
                         "lines":[{"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":%2$d,"estimated":false}]}
                        """.formatted(
                        UUID.randomUUID(), credits, Instant.now()));
        eventually(() -> assertThat(available(tenant)).isEqualTo(before - credits));
    }

    private static long available(TenantId tenant) {
        return ledger(tenant, "credits:available");
    }

    private static String at(TenantId tenant, String column) {
        return text("select " + column + " from app.subscription where tenant_id = '" + tenant + "'");
    }

    private static String subscriptionOf(TenantId tenant) {
        return at(tenant, "provider_subscription_id");
    }

    private static String charges(TenantId tenant) {
        return text("select coalesce(string_agg(concat_ws(' ', status, credits, amount), ', ' order by id), 'none')"
                + " from app.overage_charge where tenant_id = '" + tenant + "'");
    }

    private List<Long> itemsOf(TenantId tenant) {
        return stripe.items(at(tenant, "provider_customer_id"));
    }

    private void told(TenantId tenant, String invoice) {
        for (int copy = 0; copy < 3; copy++) {
            Billing.webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", invoice))
                    .then()
                    .statusCode(200);
        }
        drained();
        assertThat(BillingBooks.faults(tenant.value())).isEmpty();
    }

    private static void drained() {
        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
    }

    private void janitor(TenantId tenant) {
        sql("update app.overage_charge set next_check_at = now() where next_check_at is not null and tenant_id = '"
                + tenant + "'");
        sweeper.sweep();
    }

    private static JsonPath invoice(TenantId tenant, long total) {
        String id = owner(tenant)
                .get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.total.amount == " + total + " }.id");
        return owner(tenant)
                .get("/api/v1/invoices/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void theNextInvoiceCarriesWhatWasUsedAndItsPaymentPaysTheDebt() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);

        sweeper.sweep();
        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("ordered 120 2400");
        assertThat(itemsOf(tenant)).containsExactly(2_400L);
        assertThat(available(tenant)).isEqualTo(-120);

        use(tenant, 30); // after the freeze: taken from the next credits
        String renewal = stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid");
        told(tenant, renewal);
        sweeper.sweep();

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(available(tenant)).isEqualTo(500 - 30);
        assertThat(text("select string_agg(concat_ws(' ', source, credits, paid_amount), ', ' order by id)"
                        + " from app.credit_lot where source in ('plan', 'overage') and tenant_id = '" + tenant + "'"))
                .isEqualTo("plan 500 10000, overage 120, plan 500 10000");
        assertThat(Events.of("billing.subscription.events", tenant).stream()
                        .filter(event -> event.data().path("source").asText().equals("overage"))
                        .map(event -> event.data().path("credits").asLong()))
                .containsExactly(120L);
        JsonPath printed = invoice(tenant, 12_400);
        // 18 % GST in each of them.
        assertThat(printed.getList("lines.net")).containsExactly(8_474, 2_034);
        assertThat(printed.getList("taxes.amount", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(12_400 - 8_474 - 2_034);
        assertThat(printed.getString("lines[1].description")).isEqualTo("Parley overused overage: 120 credits");
        assertThat(printed.getString("lines[1].period_end")).isEqualTo(end.toString());
        assertThat(printed.getString("period_start")).isEqualTo(end.toString());
        staff().get("/api/v1/admin/revenue?to=" + end.plus(MONTH))
                .then()
                .statusCode(200)
                .body("overage.find { it.total.currency == 'INR' }.credits", greaterThanOrEqualTo(120));
    }

    @Test
    void theTaxOfOverageStandsOnTheInvoiceWithItsLine() {
        TenantId tenant = atStripe("overpriced");
        owner(tenant).body("""
                        {"name":"Cafe","address":{"line1":"Rue 1","city":"Paris","postal_code":"75001"},"country":"FR",
                         "email":"a@example.com"}
                        """).put("/api/v1/billing-profile").then().statusCode(200);
        use(tenant, 501);

        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("ordered 1 2");
        told(tenant, stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid"));

        JsonPath printed = invoice(tenant, 10_002);
        List<Integer> nets = printed.getList("lines.net");
        assertThat(nets).hasSize(2);
        assertThat(nets.stream().mapToLong(Integer::longValue).sum()).isEqualTo(printed.getLong("net"));
        assertThat(printed.getLong("net")
                        + printed.getList("taxes.amount", Long.class).stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .isEqualTo(10_002);
    }

    @Test
    void anOrderWhoseAnswerIsLostIsPlacedOnceEvenWhenItsKeyIsForgotten() {
        TenantId tenant = atStripe("overused");
        use(tenant, 700);
        stripe.loseItems(10);

        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("unknown 200 4000");
        assertThat(itemsOf(tenant)).containsExactly(4_000L);
        stripe.loseItems(0);
        stripe.forgetKeys();
        janitor(tenant);

        assertThat(charges(tenant)).isEqualTo("ordered 200 4000");
        assertThat(itemsOf(tenant)).containsExactly(4_000L);
    }

    @Test
    void aPaymentWhoseWebhookNeverCameIsAskedFor() {
        TenantId tenant = atStripe("overused");
        use(tenant, 600);
        sweeper.sweep();
        stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid");

        janitor(tenant);

        assertThat(charges(tenant)).isEqualTo("paid 100 2000");
        assertThat(available(tenant)).isZero();
    }

    @Test
    void neverMoreThanTheCapIsChargedAndADebtIsChargedOnce() {
        TenantId tenant = atStripe("overused");
        use(tenant, 850);
        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("ordered 300 6000");

        String unpaid = stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "open");
        stripe.set(subscriptionOf(tenant), "status", "past_due");
        told(tenant, unpaid);
        assertThat(status(tenant)).isEqualTo("past_due");
        assertThat(charges(tenant)).isEqualTo("ordered 300 6000");
        assertThat(available(tenant)).isEqualTo(-350);
        // The second period ends with the first one's charge still open: the debt is under way.
        sql("update app.subscription set current_period_end = now() + interval '10 minutes', status = 'active'"
                + " where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("ordered 300 6000");

        stripe.set(unpaid, "status", "paid");
        stripe.set(subscriptionOf(tenant), "status", "active");
        told(tenant, unpaid);
        assertThat(charges(tenant)).isEqualTo("paid 300 6000");
        assertThat(available(tenant)).isEqualTo(-350 + 300 + 500);
    }

    @Test
    void aPeriodThatWasOverBeforeAnybodyLookedIsChargedWithTheInvoiceAfter() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);
        told(tenant, stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid"));
        assertThat(charges(tenant)).isEqualTo("unknown 120 2400");
        assertThat(available(tenant)).isEqualTo(500 - 120);

        sweeper.sweep();
        told(
                tenant,
                stripe.renew(
                        subscriptionOf(tenant), end.plus(MONTH), end.plus(MONTH).plus(MONTH), 10_000, "paid"));

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
    }

    @Test
    void aCancellationIsFollowedByAnInvoiceOfItsOwn() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);
        sweeper.sweep(); // waits for a renewal that does not come
        assertThat(charges(tenant)).isEqualTo("ordered 120 2400");
        owner(tenant)
                .body("{\"at\":\"now\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200)
                .body("status", equalTo("ended"));

        stripe.declineOwnInvoices(1);
        janitor(tenant);
        assertThat(charges(tenant)).isEqualTo("ordered 120 2400");
        assertThat(itemsOf(tenant)).containsExactly(2_400L);
        assertThat(available(tenant)).isEqualTo(-120);
        String own = text("select provider_invoice_id from app.overage_charge where tenant_id = '" + tenant + "'");
        stripe.set(own, "status", "paid");
        told(tenant, own);

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(available(tenant)).isZero();
        JsonPath printed = invoice(tenant, 2_400);
        assertThat(printed.getList("lines.description")).containsExactly("Parley overused overage: 120 credits");
    }

    @Test
    void anInvoiceOfItsOwnIsPaidByTheCardThatTheSubscriptionHad() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);
        owner(tenant)
                .body("{\"at\":\"now\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200);

        janitor(tenant);
        janitor(tenant);
        drained();

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(available(tenant)).isZero();
        assertThat(stripe.isDiscountable(at(tenant, "provider_customer_id"))).isFalse();
    }

    @Test
    void nobodyGoesUpOnTheLastDayForABetterPriceOfTheDebt() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);
        sql("""
                insert into app.plan_change (tenant_id, id, status, timing, provider, provider_subscription_id, from_code,
                    from_version, to_code, to_version, base_credits, at, period_start, period_end, charged, currency,
                    credits, created_by)
                select tenant_id, gen_random_uuid(), 'done', 'now', provider, provider_subscription_id, 'overdear', 1,
                    plan_code, plan_version, 100, now(), current_period_start, current_period_end, 0, 'INR', 0, 'test'
                from app.subscription where tenant_id = '%s'
                """.formatted(tenant));

        sweeper.sweep();

        assertThat(charges(tenant)).isEqualTo("ordered 120 3600");
    }

    @Test
    void aDebtThatIsCarriedIsNotCharged() {
        TenantId tenant = atStripe("overcarried");
        use(tenant, 620);

        sweeper.sweep();
        told(tenant, stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid"));

        assertThat(charges(tenant)).isEqualTo("none");
        assertThat(available(tenant)).isEqualTo(500 - 120);
    }

    @Test
    void overageOfAFreePlanWaitsForSomebodyToCharge() {
        TenantId tenant = tenantInTrial();
        owner(tenant)
                .body("{\"plan\":\"overfree\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(201);
        trialIsOver(tenant);
        use(tenant, 620);
        sql("update app.credit_lot set grant_key = 'free:overfree:2000-01' where source = 'plan' and tenant_id = '"
                + tenant + "'");
        sql("update app.subscription set due_at = now(), current_period_start = now() - interval '40 days',"
                + " current_period_end = now() - interval '1 second' where tenant_id = '" + tenant + "'");

        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("waiting 120 180");
        assertThat(available(tenant)).isEqualTo(500 - 120);
        Billing.paid(tenant, "overused", end.minus(MONTH));
        sweeper.sweep();

        assertThat(charges(tenant)).isEqualTo("ordered 120 180");
        assertThat(itemsOf(tenant)).containsExactly(180L);
    }

    @Test
    void paidOverageWithoutItsLotIsADriftThatIsRepaired() {
        TenantId tenant = atStripe("overused");
        use(tenant, 620);
        sweeper.sweep();
        told(tenant, stripe.renew(subscriptionOf(tenant), end, end.plus(MONTH), 10_000, "paid"));
        sql("update app.overage_charge set status = 'ordered', lot_id = null, paid_at = null where tenant_id = '"
                + tenant + "'");
        sql("update app.credit_lot set grant_key = 'lost', source = 'adjustment' where source = 'overage'"
                + " and tenant_id = '" + tenant + "'");
        PolicyStub.shared().entitlement(tenant, "{\"plan\":\"overused\",\"version\":1}");
        PolicyStub.shared()
                .balance(tenant, "{\"policy_version\":1,\"granted\":0,\"available\":0,\"held\":0,\"lots\":[]}");

        String run = staff().body("{\"tenant_id\":\"" + tenant + "\"}")
                .post("/api/v1/admin/reconciliations")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        String report = "/api/v1/admin/reconciliations/" + run;
        eventually(() -> staff().get(report).then().body("state", equalTo("done")));
        staff().get(report).then().body("items.kind", hasItem("OVERAGE_NOT_GRANTED"));
        String drift = staff().get(report).path("items.find { it.kind == 'OVERAGE_NOT_GRANTED' }.id");
        staff().body("{\"reason\":\"month end\",\"drift_ids\":[\"" + drift + "\"]}")
                .post(report + "/repair")
                .then()
                .statusCode(200);

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(count("select count(*) from app.credit_lot where source = 'overage' and credits = 120"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void atRazorpayTheNextCycleCarriesAnAddon() {
        TenantId tenant = atRazorpay("overused");
        String id = subscriptionOf(tenant);
        use(tenant, 620);
        razorpay.loseAnswers(1);

        sweeper.sweep();
        assertThat(charges(tenant)).isEqualTo("unknown 120 2400");
        janitor(tenant);
        janitor(tenant);
        assertThat(charges(tenant)).isEqualTo("ordered 120 2400");
        assertThat(razorpay.addonsOf(id)).hasSize(1);

        razorpay.renew(id, end, end.plus(MONTH));
        for (int copy = 0; copy < 3; copy++) {
            RazorpayCustomers.webhook(RazorpayStub.event("subscription.charged", "subscription", id));
        }
        drained();

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(available(tenant)).isEqualTo(500);
        assertThat(invoice(tenant, 12_400).getList("lines.net")).containsExactly(8_474, 2_034);
        assertThat(BillingBooks.faults(tenant.value())).isEmpty();
    }

    @Test
    void atRazorpayACancellationIsFollowedByAnInvoiceThatTheCustomerPays() {
        TenantId tenant = atRazorpay("overused");
        String id = subscriptionOf(tenant);
        use(tenant, 620);
        sweeper.sweep();
        assertThat(razorpay.addonsOf(id)).hasSize(1);
        owner(tenant)
                .body("{\"at\":\"now\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200);
        razorpay.loseAnswers(1);

        janitor(tenant);
        assertThat(charges(tenant)).isEqualTo("unknown 120 2400");
        janitor(tenant);
        assertThat(charges(tenant)).isEqualTo("ordered 120 2400");
        assertThat(razorpay.addonsOf(id)).isEmpty();
        String own = razorpay.ownInvoicesOf("cust_" + id).stream()
                .filter(each -> !each.path("subscription_id").isTextual())
                .map(each -> each.path("id").asText())
                .reduce((one, other) -> one + other)
                .orElseThrow();
        assertThat(available(tenant)).isEqualTo(-120);
        razorpay.payInvoice(own);
        for (int copy = 0; copy < 3; copy++) {
            RazorpayCustomers.webhook(RazorpayStub.event("invoice.paid", "invoice", own));
        }
        drained();

        assertThat(charges(tenant)).isEqualTo("paid 120 2400");
        assertThat(available(tenant)).isZero();
        owner(tenant).get("/api/v1/invoices").then().body("items.total.amount", contains(2_400, 10_000));
        assertThat(BillingBooks.faults(tenant.value())).isEmpty();
    }
}
