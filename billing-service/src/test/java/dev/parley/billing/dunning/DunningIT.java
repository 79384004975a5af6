package dev.parley.billing.dunning;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class DunningIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Inject
    SweepForTests sweeper;

    private static long mails(TenantId tenant) {
        return count(
                "select count(*) from app.mail where recipient = 'o@example.com' and tenant_id = '" + tenant + "'");
    }

    /** Lets so many days pass since the payment failed. */
    private void daysLater(TenantId tenant, int days) {
        sql("update app.subscription set past_due_since = past_due_since - interval '" + days
                + " days', due_at = now() where tenant_id = '" + tenant + "'");
        sql("update app.dunning_mail set past_due_since = past_due_since - interval '" + days
                + " days' where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        sweeper.sweep();
    }

    @Test
    void aFailedPaymentIsGraceThenReadOnlyThenActiveAgainWithThreeMailsAndNoCreditLost() {
        plan("dunned", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String sub = paid(tenant, "dunned", NOW.minus(Duration.ofDays(30)).plusSeconds(60));
        Instant renewal = NOW.plusSeconds(60);
        stripe().period(sub, renewal, renewal.plus(Duration.ofDays(30)));
        String invoice = stripe().invoice(sub, renewal, renewal.plus(Duration.ofDays(30)), 10_000, "open");
        stripe().set(sub, "status", "past_due");

        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.payment_failed", "invoice", invoice));
        eventually(() -> assertThat(status(tenant)).isEqualTo("past_due"));
        assertThat(mails(tenant)).isEqualTo(1);
        // The credits of the period before can be used until the grace is over.
        assertThat(count("select count(*) from app.credit_lot where source = 'plan' and close_requested_at is null"
                        + " and expires_at > now() + interval '6 days' and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);

        daysLater(tenant, 1);
        assertThat(mails(tenant)).isEqualTo(1);
        daysLater(tenant, 3);
        assertThat(status(tenant)).isEqualTo("past_due");
        assertThat(mails(tenant)).isEqualTo(2);
        // The period that is not paid begins in a minute.
        daysLater(tenant, 4);
        assertThat(status(tenant)).isEqualTo("suspended");
        assertThat(mails(tenant)).isEqualTo(3);
        sql("update app.subscription set due_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        assertThat(mails(tenant)).isEqualTo(3);

        stripe().set(invoice, "status", "paid");
        stripe().set(sub, "status", "active");
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", invoice));
        eventually(() -> assertThat(status(tenant)).isEqualTo("active"));
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500 + 500);
        assertThat(mails(tenant)).isEqualTo(3);
    }

    private static StripeStub stripe() {
        return StripeStub.shared();
    }
}
