package dev.parley.billing.refund;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.checkout;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.billing.BillingBooks;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.PolicyStub;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class RefundIT {
    @Inject
    SweepForTests sweeper;

    @Inject
    RefundService refunds;

    private static TenantId paying() {
        return paying("refundable", 3_000);
    }

    private static TenantId paying(String plan, long credits) {
        if (count("select count(*) from app.plan where code = '" + plan + "'") == 0) {
            plan(plan, 10_000, credits, 0);
        }
        TenantId tenant = tenantInTrial();
        paid(tenant, plan, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        return tenant;
    }

    private static RequestSpecification second() {
        return as(TestTokens.token(null, "staff-2", List.of("platform-admin"), List.of("chat", "read")));
    }

    /** Presses a button a hundred times from many hands at once. */
    private static List<Integer> pressed(Supplier<Response> button) throws Exception {
        try (ExecutorService hands = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(hands.submit(() -> button.get().statusCode()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            return statuses;
        }
    }

    private static String lot(TenantId tenant) {
        return text("select id from app.credit_lot where source = 'plan' and tenant_id = '" + tenant + "'");
    }

    private static Response refund(TenantId tenant, String what) {
        return staff().body("{" + what + ",\"reason\":\"did not like it\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds");
    }

    private static Response change(TenantId tenant, String plan) {
        return owner(tenant).body("{\"plan\":\"" + plan + "\"}").post("/api/v1/subscription/change");
    }

    private static void policySays(TenantId tenant, String lot, long unspent) {
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":%d}".formatted(lot, unspent));
        eventually(() -> assertThat(
                        count("select count(*) from app.credit_lot where closed_at is not null and id = '" + lot + "'"))
                .isEqualTo(1));
    }

    private static void policyKeeps(TenantId tenant, String lot, long unspent, long kept) {
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":%d,\"kept\":%d}".formatted(lot, unspent, kept));
    }

    private static void providerTells(String refund) {
        String event = "evt_" + UUID.randomUUID();
        webhook(StripeStub.event(event, "refund.updated", "refund", refund))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(text("select state from app.provider_event where event_id = '" + event + "'"))
                .isEqualTo("applied"));
    }

    private static String providerRefund(TenantId tenant) {
        return text("select provider_refund_id from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    private static String status(TenantId tenant) {
        return text("select status from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    private static String payment(TenantId tenant) {
        return text("select provider_payment from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    @Test
    void whatIsUnspentGoesBackOnceAfterPolicyHasSaidHowMuchThatIs() {
        TenantId tenant = paying();
        String lot = lot(tenant);

        refund(tenant, "\"lot_id\":\"" + lot + "\"")
                .then()
                .statusCode(201)
                .body("status", equalTo("closing"))
                .body("paid.amount", equalTo(10_000))
                .body("created_by", equalTo("staff"));
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        assertThat(PolicyStub.shared().asked(tenant))
                .extracting(question -> question.path("action").asText() + " "
                        + question.path("credits").asLong() + " "
                        + question.path("admin").asText())
                .containsExactly("payment-refund 3000 staff");
        sweeper.sweep();
        assertThat(StripeStub.shared().refunded()).doesNotContainKey(payment(tenant));
        assertThat(Events.of("billing.subscription.events", tenant).stream()
                        .filter(event -> event.type().equals("billing.credits-closed.v1")
                                && event.data().path("lot_id").asText().equals(lot)))
                .hasSizeLessThanOrEqualTo(1);

        policySays(tenant, lot, 2_000);
        sweeper.sweep();
        sweeper.sweep();

        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 6_666L);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 2_000);
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-(1_000 + 3_000 - 2_000));
        assertThat(ledger(tenant, "credits:expired")).isZero();
        assertThat(count("select credits from app.ledger_transfer where kind = 'payment-refund' and source_key ="
                        + " 'expiry:"
                        + lot + "'"))
                .isEqualTo(2_000);
        staff().header("X-Access-Reason", "checking a refund")
                .get("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].status", equalTo("done"))
                .body("items[0].unspent", equalTo(2_000))
                .body("items[0].amount.amount", equalTo(6_666));
    }

    @Test
    void anInvoiceNamesTheLotThatItPaidFor() {
        TenantId tenant = paying();
        String invoice = text("select id from app.invoice where tenant_id = '" + tenant + "'");

        refund(tenant, "\"invoice_id\":\"" + invoice + "\"")
                .then()
                .statusCode(201)
                .body("lot_id", equalTo(lot(tenant)));
    }

    @Test
    void aLotThatIsSpentGivesNothingBack() {
        TenantId tenant = paying();
        refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"").then().statusCode(201);

        policySays(tenant, lot(tenant), 0);
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("nothing");
        assertThat(StripeStub.shared().refunded()).doesNotContainKey(payment(tenant));
    }

    @Test
    void aRefundThatTheProviderRefusesGivesTheCreditsBackForAsLongAsTheyWouldHaveLasted() {
        TenantId tenant = paying();
        sql("update app.credit_lot set paid_payment = 'pi_gone_' || id where source = 'plan' and tenant_id = '" + tenant
                + "'");
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        policySays(tenant, lot, 1_200);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 1_200);

        sweeper.sweep();
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("refused");
        String again = "from app.credit_lot where grant_key like 'refund-refused:%' and tenant_id = '" + tenant + "'";
        assertThat(count("select count(*) " + again)).isEqualTo(1);
        assertThat(count("select credits " + again)).isEqualTo(1_200);
        assertThat(count("select paid_amount " + again)).isEqualTo(4_000);
        assertThat(count("select extract(epoch from expires_at - (select expires_at from app.credit_lot where id = '"
                        + lot + "'))::bigint " + again))
                .isBetween(0L, 30L);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000);
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-(1_000 + 3_000));
    }

    @Test
    void moreThanOneAdminMayGiveBackAloneWaitsForAnother() throws Exception {
        TenantId tenant = paying("refundable-large", 200_000);
        String lot = lot(tenant);
        String wanted = "\"lot_id\":\"" + lot + "\"";

        String approval = refund(tenant, wanted)
                .then()
                .statusCode(202)
                .body("status", equalTo("waiting"))
                .extract()
                .path("approval_id");
        refund(tenant, wanted).then().statusCode(202).body("approval_id", equalTo(approval));
        staff().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(403)
                .body("code", equalTo("SECOND_ADMIN_REQUIRED"));
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is not null and id = '" + lot
                        + "'"))
                .isZero();

        assertThat(pressed(() -> second().post("/api/v1/admin/approvals/" + approval + "/approval")))
                .containsOnly(200);

        assertThat(count("select count(*) from app.payment_refund where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(PolicyStub.shared().asked(tenant)).hasSize(1);
        policySays(tenant, lot, 200_000);
        sweeper.sweep();
        refund(tenant, wanted)
                .then()
                .statusCode(201)
                .body("status", equalTo("done"))
                .body("amount.amount", equalTo(10_000))
                .body("approval_id", equalTo(approval))
                .body("created_by", equalTo("staff"))
                .body("approved_by", equalTo("staff-2"));
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 10_000L);
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " by "
                        + event.data().get("actor").asText())
                .contains("approval.request by staff", "payment.refund by staff-2", "approval.approve by staff-2"));
    }

    @Test
    void anApprovalOfALotThatEndedMeanwhileChangesNothing() {
        TenantId tenant = paying("refundable-large", 200_000);
        String approval = refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"")
                .then()
                .statusCode(202)
                .extract()
                .path("approval_id");
        sql("update app.credit_lot set close_requested_at = now() where source = 'plan' and tenant_id = '" + tenant
                + "'");

        second().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_LOT_ENDED"));

        assertThat(text("select status from app.approval where id = '" + approval + "'"))
                .isEqualTo("waiting");
        assertThat(count("select count(*) from app.payment_refund where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void whatPolicyDeniesOrCannotBeAskedIsNotBegun() {
        TenantId tenant = paying("refundable-huge", 1_000_000_001);
        String wanted = "\"lot_id\":\"" + lot(tenant) + "\"";

        refund(tenant, wanted)
                .then()
                .statusCode(403)
                .body("code", equalTo("ADMINISTRATIVE_ACTION_DENIED"))
                .body("policy.reason_code", equalTo("ABOVE_MAXIMUM"));
        PolicyStub.shared().down(true);
        try {
            refund(tenant, wanted).then().statusCode(503);
        } finally {
            PolicyStub.shared().down(false);
        }

        assertThat(count("select count(*) from app.payment_refund where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is not null and source = 'plan'"
                        + " and tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void whatIsBelowAnUpgradeIsRefundedAfterIt() {
        TenantId tenant = paying();
        plan("refundable-more", 30_000, 9_000, 0);
        String lot = lot(tenant);
        StripeStub.shared().chargeForChange(10_000);
        change(tenant, "refundable-more").then().statusCode(200);
        String upgrade =
                text("select id from app.credit_lot where grant_key like 'change:%' and tenant_id = '" + tenant + "'");

        refund(tenant, "\"lot_id\":\"" + lot + "\"")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_UPGRADE_FIRST"));
        refund(tenant, "\"lot_id\":\"" + upgrade + "\"").then().statusCode(201);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
    }

    @Test
    void afterARefundADearerPlanIsBoughtAndNotUpgradedTo() {
        TenantId tenant = paying();
        plan("refundable-more", 30_000, 9_000, 0);
        refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"").then().statusCode(201);

        change(tenant, "refundable-more")
                .then()
                .statusCode(409)
                .body("code", equalTo("CHECKOUT_REQUIRED"))
                .body("plan", equalTo("refundable-more"));

        assertThat(count("select count(*) from app.plan_change where tenant_id = '" + tenant + "'"))
                .isZero();
        checkout(tenant, "refundable-more").then().statusCode(201);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainAndRefundedOnce() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        StripeStub.shared().loseRefunds(2); // the JDK sends a POST twice whose answer is cut
        policySays(tenant, lot, 1_500);

        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("unknown");
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 5_000L);
        sql("update app.payment_refund set next_check_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("done");
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 5_000L);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 1_500);
    }

    @Test
    void anOrderThatNobodyAnsweredForADayIsNotMadeAgain() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        StripeStub.shared().loseRefunds(2);
        policySays(tenant, lot, 1_500);
        sweeper.sweep();

        StripeStub.shared().forgetRefundKeys();
        sql("update app.payment_refund set next_check_at = now(), created_at = now() - interval '21 hours'"
                + " where tenant_id = '" + tenant + "'");
        sweeper.sweep();

        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 5_000L);
        assertThat(status(tenant)).isEqualTo("unknown");
    }

    @Test
    void aLookThatIsRefusedSaysNothingAboutTheRefund() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        policySays(tenant, lot, 1_500);
        sweeper.sweep();
        sql("update app.payment_refund set status = 'pending', provider_refund_id = 're_hidden', next_check_at = now()"
                + " where tenant_id = '" + tenant + "'");

        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("pending");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 1_500);
    }

    @Test
    void theButtonPressedAHundredTimesRefundsOnce() throws Exception {
        TenantId tenant = paying();
        String lot = lot(tenant);

        assertThat(pressed(() -> refund(tenant, "\"lot_id\":\"" + lot + "\""))).containsOnly(201);
        policySays(tenant, lot, 3_000);
        sweeper.sweep();
        sweeper.sweep();

        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 10_000L);
        assertThat(count("select count(*) from app.payment_refund where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant).stream()
                        .filter(event -> event.type().equals("billing.credits-closed.v1")
                                && event.data().path("lot_id").asText().equals(lot)))
                .hasSize(1));
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
    }

    @Test
    void whatWasNotPaidOrIsNotThereIsNotRefunded() {
        TenantId tenant = paying();
        String trial = text("select id from app.credit_lot where source = 'trial' and tenant_id = '" + tenant + "'");

        refund(tenant, "\"lot_id\":\"" + trial + "\"")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_NOTHING_PAID"));
        refund(tenant, "\"lot_id\":\"" + UUID.randomUUID() + "\"").then().statusCode(404);
        refund(tenantInTrial(), "\"lot_id\":\"" + lot(tenant) + "\"").then().statusCode(404);
        refund(tenant, "\"lot_id\":null").then().statusCode(422);
        sql("update app.credit_lot set close_requested_at = now() where source = 'plan' and tenant_id = '" + tenant
                + "'");
        refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_LOT_ENDED"));
    }

    @Test
    void aRefundThatFailsAfterItWasMadeIsTakenBack() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        policySays(tenant, lot, 1_200);
        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("done");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 1_200);
        providerTells(providerRefund(tenant));
        sweeper.sweep();
        assertThat(status(tenant)).as("it is still made").isEqualTo("done");

        StripeStub.shared().set(providerRefund(tenant), "status", "failed");
        providerTells(providerRefund(tenant));
        sweeper.sweep();
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("refused");
        String again = "from app.credit_lot where grant_key like 'refund-refused:%' and tenant_id = '" + tenant + "'";
        assertThat(count("select count(*) " + again)).isEqualTo(1);
        assertThat(count("select credits " + again)).isEqualTo(1_200);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000);
        assertThat(text("select status from app.credit_note where tenant_id = '" + tenant + "'"))
                .isEqualTo("void");
    }

    @ParameterizedTest
    @EnumSource(
            value = RefundStatus.class,
            names = {"PENDING", "DONE"})
    void anAnswerDoesNotPutALookOffThatAWebhookAskedForMeanwhile(RefundStatus answer) {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        policySays(tenant, lot, 1_200);
        String name = "re_" + tenant;
        sql("update app.payment_refund set status = 'pending', provider_refund_id = '" + name
                + "', next_check_at = now() - interval '1 day' where tenant_id = '" + tenant + "'");
        PendingRefund claimed = refunds.claim().stream()
                .filter(each -> each.tenant().equals(tenant))
                .findFirst()
                .orElseThrow();

        assertThat(refunds.hurry("stripe", name)).isTrue();
        refunds.answered(tenant, claimed.id(), answer, name);

        assertThat(status(tenant)).isEqualTo(answer.wire());
        assertThat(isDue(tenant)).isTrue();
        // The next claim's answer is younger than the webhook.
        sql("update app.payment_refund set next_check_at = now() + interval '1 hour' where tenant_id = '" + tenant
                + "'");
        refunds.answered(tenant, claimed.id(), answer, name);
        assertThat(isDue(tenant)).isFalse();
    }

    private static boolean isDue(TenantId tenant) {
        return count("select count(*) from app.payment_refund where next_check_at <= now() and tenant_id = '" + tenant
                        + "'")
                == 1;
    }

    @Test
    void theAnswerToARepeatedOrderMayBeOldAndIsLookedAtAgainAtOnce() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);
        policySays(tenant, lot, 1_500);
        StripeStub.shared().waitWithRefunds(1);
        StripeStub.shared().loseRefunds(2); // the JDK sends a POST twice whose answer is cut
        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("unknown");

        String made = StripeStub.shared().refundOf(payment(tenant));
        StripeStub.shared().set(made, "status", "succeeded");
        sql("update app.payment_refund set next_check_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        assertThat(status(tenant)).as("what was answered at first").isEqualTo("pending");
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("done");
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 5_000L);
    }

    @Test
    void whatRunningOperationsNeedStaysInTheLot() {
        TenantId tenant = paying();
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(201);

        policyKeeps(tenant, lot, 2_000, 700);
        policyKeeps(tenant, lot, 2_000, 700);
        eventually(() -> assertThat(status(tenant)).isEqualTo("unknown"));
        eventually(() -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant
                        + "' and consumer = 'billing-service.book-usage'"))
                .isEqualTo(2));
        sweeper.sweep();

        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 6_666L);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 3_000 - 2_000);
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-(1_000 + 3_000 - 2_000));
        assertThat(text("select taken || ' ' || (close_requested_at is null) || ' ' || (closed_at is null)"
                        + " from app.credit_lot where id = '" + lot + "'"))
                .isEqualTo("2000 true true");

        // The rest of it ends in its time, and its price stays where it is.
        policySays(tenant, lot, 400);
        sweeper.sweep();
        assertThat(ledger(tenant, "credits:expired")).isEqualTo(400);
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 6_666L);
        assertThat(BillingBooks.faults(tenant.value())).isEmpty();
    }

    @Test
    void whatWasPaidTwiceForTheSameTimeGoesBackByItsInvoice() {
        TenantId tenant = paying();
        String first = text("select id from app.invoice where tenant_id = '" + tenant + "'");
        String subscription =
                text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");
        String lot = lot(tenant);
        if (count("select count(*) from app.plan where code = 'refundable-again'") == 0) {
            plan("refundable-again", 20_000, 6_000, 0);
        }
        paid(tenant, "refundable-again", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        policySays(tenant, lot, 1_500);

        refund(tenant, "\"invoice_id\":\"" + first + "\"")
                .then()
                .statusCode(201)
                .body("status", equalTo("unknown"))
                .body("lot_id", equalTo(lot))
                .body("amount.amount", equalTo(5_000));
        refund(tenant, "\"invoice_id\":\"" + first + "\"").then().statusCode(201);
        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("done");
        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 5_000L);
        assertThat(ledger(tenant, "credits:expired"))
                .as("the credits ended before")
                .isEqualTo(1_500);

        // The replaced subscription is charged once more before its provider hears that it is cancelled.
        Instant next = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        String late = StripeStub.shared().invoice(subscription, next, next.plus(Duration.ofDays(30)), 10_000, "paid");
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", late))
                .then()
                .statusCode(200);
        String where = " from app.invoice where provider_invoice_id = '" + late + "'";
        eventually(() -> assertThat(count("select count(*)" + where)).isEqualTo(1));
        String invoice = text("select id" + where);
        assertThat(refundOf(tenant, invoice)).isEqualTo("unknown 10000");
        assertThat(refundOf(tenant, invoice)).isEqualTo("unknown 10000");
        sweeper.sweep();
        sweeper.sweep();

        assertThat(refundOf(tenant, invoice)).isEqualTo("done 10000");
        assertThat(StripeStub.shared().refunded()).containsEntry("pi_" + late, 10_000L);
        assertThat(PolicyStub.shared().asked(tenant))
                .extracting(question -> question.path("credits").asLong())
                .containsExactly(3_000L, 3_000L);
        String running = text("select i.id from app.invoice i join app.subscription s using (tenant_id,"
                + " provider_subscription_id) where i.tenant_id = '" + tenant + "'");
        refund(tenant, "\"invoice_id\":\"" + running + "\"")
                .then()
                .statusCode(201)
                .body("status", equalTo("closing"));
    }

    private static String refundOf(TenantId tenant, String invoice) {
        Response answer = refund(tenant, "\"invoice_id\":\"" + invoice + "\"");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.jsonPath().getString("invoice_id")).isEqualTo(invoice);
        return answer.path("status") + " " + answer.path("amount.amount");
    }
}
