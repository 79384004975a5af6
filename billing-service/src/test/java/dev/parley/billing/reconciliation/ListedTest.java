package dev.parley.billing.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ListedTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final CheckoutReference OURS = new CheckoutReference(new TenantId(new UUID(1, 1)), new UUID(2, 2));

    private static ProviderInvoice invoice(String status, long amount, String subscription) {
        return new ProviderInvoice(
                "in_1",
                "P-1",
                status,
                ProviderInvoice.Kind.PERIOD,
                new Money(amount, "INR"),
                subscription,
                null,
                NOW,
                NOW,
                NOW,
                null);
    }

    private static ProviderSubscription subscription(
            SubscriptionStatus status, CheckoutReference reference, ProviderInvoice latest) {
        return new ProviderSubscription(
                "stripe", "sub_1", "cus_1", status, NOW, NOW, NOW, false, null, latest, reference, null, null);
    }

    private static ProviderPayment payment(long amount, long refunded, CheckoutReference reference) {
        return new ProviderPayment("pi_1", new Money(amount, "INR"), new Money(refunded, "INR"), null, NOW, reference);
    }

    @Test
    void aSubscriptionCountsOnceItGivesAccessOrTookMoney() {
        assertThat(Listed.of(subscription(SubscriptionStatus.TRIAL, OURS, null)))
                .hasValueSatisfying(one -> assertThat(one.live()).isTrue());
        assertThat(Listed.of(subscription(SubscriptionStatus.PENDING, OURS, null)))
                .isEmpty();
        assertThat(Listed.of(subscription(SubscriptionStatus.ENDED, OURS, invoice("void", 5, "sub_1"))))
                .isEmpty();
        assertThat(Listed.of(subscription(SubscriptionStatus.ENDED, OURS, invoice("paid", 5, "sub_1"))))
                .hasValueSatisfying(one -> assertThat(one.live()).isFalse());
    }

    @Test
    void whatNamesNoCheckoutOfOursIsNotOurs() {
        assertThat(Listed.of(subscription(SubscriptionStatus.ACTIVE, null, invoice("paid", 5, "sub_1"))))
                .isEmpty();
        assertThat(Listed.of("stripe", payment(500, 0, null))).isEmpty();
    }

    @Test
    void anInvoiceCountsWhenItChargesASubscription() {
        assertThat(Listed.of("stripe", invoice("open", 5, "sub_1")))
                .hasValueSatisfying(one -> assertThat(one.said()).isEqualTo("open 5 INR"));
        assertThat(Listed.of("stripe", invoice("draft", 5, "sub_1"))).isEmpty();
        assertThat(Listed.of("stripe", invoice("void", 5, "sub_1"))).isEmpty();
        assertThat(Listed.of("stripe", invoice("paid", 0, "sub_1"))).isEmpty();
        assertThat(Listed.of("stripe", invoice("paid", 5, null))).isEmpty();
    }

    @Test
    void aPaymentThatWasGivenBackWholeIsARefundWhoeverItIsOf() {
        assertThat(Listed.of("stripe", payment(500, 0, OURS)))
                .hasValueSatisfying(one -> assertThat(one.kind()).isEqualTo(Listed.Kind.PAYMENT));
        assertThat(Listed.of("stripe", payment(500, 499, OURS)))
                .hasValueSatisfying(one -> assertThat(one.kind()).isEqualTo(Listed.Kind.PAYMENT));
        assertThat(Listed.of("stripe", payment(500, 500, null)))
                .hasValueSatisfying(one -> assertThat(one.kind()).isEqualTo(Listed.Kind.REFUND));
        assertThat(Listed.of("stripe", payment(0, 0, null))).isEmpty();
    }
}
