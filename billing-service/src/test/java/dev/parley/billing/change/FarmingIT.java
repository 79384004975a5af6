package dev.parley.billing.change;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Random lives of customers who go up, down, spend, are refunded, cancel and come back, with the service itself. Every plan
 * sells ten credits for one unit of money, so nobody may ever have had more than ten for each unit that we kept.
 */
@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class FarmingIT {
    private static final int LIVES = 6;
    private static final int STEPS = 10;
    private static final long CREDITS_PER_UNIT = 10;
    private static final List<String> PLANS = List.of("farm-1", "farm-2", "farm-3");
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Inject
    SweepForTests sweeper;

    private final StripeStub stripe = StripeStub.shared();
    private final Random chance = new Random(20_261_121);
    private int answered;
    private int bought;

    @Test
    void nobodyHasMoreCreditsThanTheMoneyThatWeKeptBuys() {
        for (int i = 0; i < PLANS.size(); i++) {
            plan(PLANS.get(i), 1_000L * (i + 1), 10_000L * (i + 1), 0);
        }
        for (int life = 0; life < LIVES; life++) {
            TenantId tenant = tenantInTrial();
            buy(tenant);
            closedByPolicy(tenant);
            List<String> lived = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                lived.add(step(tenant));
                closedByPolicy(tenant);
                sweeper.sweep();

                assertThat(ledger(tenant, "credits:available") + ledger(tenant, "credits:consumed"))
                        .as("after %s", lived)
                        .isLessThanOrEqualTo(CREDITS_PER_UNIT * kept(tenant));
            }
        }
        assertThat(answered).as("wishes that were granted").isGreaterThan(LIVES * STEPS / 3);
    }

    private String step(TenantId tenant) {
        boolean running = status(tenant).equals("active");
        int wish = running ? chance.nextInt(10) : 9;
        String did =
                switch (wish) {
                    case 0, 1, 2, 3 -> change(tenant);
                    case 4, 5 -> refund(tenant);
                    case 6 -> spend(tenant);
                    case 7 -> renew(tenant);
                    case 8 ->
                        "cancel "
                                + owner(tenant)
                                        .body("{\"at\":\"now\"}")
                                        .post("/api/v1/subscription/cancellation")
                                        .statusCode();
                    default -> buy(tenant);
                };
        answered += did.endsWith("200") || did.endsWith("201") ? 1 : 0;
        return did;
    }

    /** The provider charges some of the difference, as at any moment of the period. */
    private String change(TenantId tenant) {
        String plan = PLANS.get(chance.nextInt(PLANS.size()));
        long difference =
                price(plan) - price(text("select plan_code from app.subscription where tenant_id = '" + tenant + "'"));
        stripe.chargeForChange(difference <= 0 ? 0 : chance.nextLong(difference + 1));
        return "change to " + plan + " "
                + owner(tenant)
                        .body("{\"plan\":\"" + plan + "\"}")
                        .post("/api/v1/subscription/change")
                        .statusCode();
    }

    private static long price(String plan) {
        return 1_000L * (PLANS.indexOf(plan) + 1);
    }

    private String refund(TenantId tenant) {
        List<String> lots = lots(tenant, "paid_amount > 0 and close_requested_at is null");
        if (lots.isEmpty()) {
            return "nothing to refund";
        }
        return "refund "
                + staff().body("{\"lot_id\":\"%s\",\"reason\":\"sorry\"}"
                                .formatted(lots.get(chance.nextInt(lots.size()))))
                        .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                        .statusCode();
    }

    /** Some credits are used; in this life lots are spent as policy would, the oldest first. */
    private String spend(TenantId tenant) {
        long left = ledger(tenant, "credits:available");
        if (left <= 0) {
            return "nothing to spend";
        }
        long credits = 1 + chance.nextLong(left);
        long before = ledger(tenant, "credits:consumed");
        Events.publish(
                "policy.usage.events", "policy.usage-settled.v1", tenant, """
                    {"operation_id":"%1$s","agent":"concierge","channel":"web","settled_at":"2026-11-20T10:00:00Z",
                     "credits":%2$d,"lines":[
                      {"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":%2$d,"estimated":false}]}
                    """.formatted(UUID.randomUUID(), credits));
        eventually(() -> assertThat(ledger(tenant, "credits:consumed")).isEqualTo(before + credits));
        return "spend " + credits + " of 200";
    }

    private String renew(TenantId tenant) {
        String subscription =
                text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");
        Instant end = Instant.parse(text("select to_char(current_period_end at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from app.subscription where tenant_id = '" + tenant + "'"));
        String pending = text("select coalesce(pending_plan_code, plan_code) from app.subscription where tenant_id = '"
                + tenant + "'");
        stripe.period(subscription, end, end.plus(Duration.ofDays(30)));
        stripe.invoice(subscription, end, end.plus(Duration.ofDays(30)), price(pending), "paid");
        webhook(StripeStub.event(
                "evt_" + UUID.randomUUID(), "customer.subscription.updated", "subscription", subscription));
        eventually(() -> assertThat(count("select count(*) from app.subscription where current_period_start = '" + end
                        + "' and tenant_id = '" + tenant + "'"))
                .isEqualTo(1));
        return "renew 200";
    }

    private String buy(TenantId tenant) {
        if (status(tenant).equals("active")) {
            return "runs already";
        }
        paid(tenant, PLANS.get(chance.nextInt(PLANS.size())), NOW.plusSeconds(++bought));
        eventually(() -> assertThat(status(tenant)).isEqualTo("active"));
        return "buy 201";
    }

    /** Plays policy: says of every lot that is to end what is left of it, the oldest having been spent first. */
    private void closedByPolicy(TenantId tenant) {
        long consumed = ledger(tenant, "credits:consumed");
        for (String lot : lots(tenant, "source in ('trial', 'plan')")) {
            boolean closed =
                    count("select count(*) from app.credit_lot where closed_at is not null and id = '" + lot + "'")
                            == 1;
            long granted = count("select credits from app.credit_lot where id = '" + lot + "'");
            long gone = closed ? count("select unspent from app.credit_lot where id = '" + lot + "'") : 0;
            long spent = Math.min(consumed, granted - gone);
            consumed -= spent;
            boolean closing =
                    count("select count(*) from app.credit_lot where close_requested_at is not null and id = '" + lot
                                    + "'")
                            == 1;
            if (closing && !closed) {
                Events.publish(
                        "policy.usage.events",
                        "policy.lot-closed.v1",
                        tenant,
                        "{\"lot_id\":\"%s\",\"unspent\":%d}".formatted(lot, granted - spent));
                eventually(() -> assertThat(
                                count("select count(*) from app.credit_lot where closed_at is not null and id = '" + lot
                                        + "'"))
                        .isEqualTo(1));
            }
        }
    }

    private static List<String> lots(TenantId tenant, String which) {
        String ids = text("select coalesce(string_agg(id::text, ',' order by id), '') from app.credit_lot where "
                + which + " and tenant_id = '" + tenant + "'");
        return ids.isEmpty() ? List.of() : List.of(ids.split(","));
    }

    /** What was paid to us, less what went back. */
    private long kept(TenantId tenant) {
        long paid = count("select coalesce(sum(amount), 0) from app.invoice where status = 'paid' and tenant_id = '"
                + tenant + "'");
        long back = 0;
        String payments = text("select coalesce(string_agg(distinct provider_payment, ','), '') from app.payment_refund"
                + " where tenant_id = '" + tenant + "'");
        for (String payment : payments.split(",")) {
            back += stripe.refunded().getOrDefault(payment, 0L);
        }
        return paid - back;
    }
}
