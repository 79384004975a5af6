package dev.parley.billing.reconciliation;

import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderSubscription;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that a provider has, as far as it says whether we ought to know it.
 *
 * @param id at the provider
 * @param reference our names, or null when only the subscription tells whose it is
 * @param subscription the subscription that an invoice belongs to, or null
 * @param live whether a subscription gives access
 * @param ending whether a subscription ends with its period
 * @param said what a report shows of it
 */
record Listed(
        Kind kind,
        String provider,
        String id,
        @Nullable CheckoutReference reference,
        @Nullable String subscription,
        boolean live,
        boolean ending,
        String said) {

    /** What it is. */
    enum Kind {
        SUBSCRIPTION,
        INVOICE,
        PAYMENT,
        REFUND;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Empty when it is nothing that we need to have heard of: not ours, not begun, or over without a payment. */
    static Optional<Listed> of(ProviderSubscription subscription) {
        ProviderInvoice latest = subscription.latestInvoice();
        boolean live = subscription.status().isLive();
        if (subscription.reference() == null || !live && (latest == null || !latest.isPaid())) {
            return Optional.empty();
        }
        return Optional.of(new Listed(
                Kind.SUBSCRIPTION,
                subscription.provider(),
                subscription.id(),
                subscription.reference(),
                null,
                live,
                subscription.cancelAtPeriodEnd(),
                subscription.status().wire()));
    }

    /** Empty for an invoice that charges nothing, or belongs to no subscription. */
    static Optional<Listed> of(String provider, ProviderInvoice invoice) {
        boolean charges = invoice.status().equals("open") || invoice.isPaid();
        if (!charges || invoice.total().isZero() || invoice.subscriptionId() == null) {
            return Optional.empty();
        }
        return Optional.of(new Listed(
                Kind.INVOICE,
                provider,
                invoice.id(),
                null,
                invoice.subscriptionId(),
                false,
                false,
                invoice.status() + " " + invoice.total().amount() + " "
                        + invoice.total().currency()));
    }

    /** A payment that brings credits by itself, or one that was given back whole; empty for all others. */
    static Optional<Listed> of(String provider, ProviderPayment payment) {
        boolean givenBack = !payment.amount().isZero() && payment.refunded().equals(payment.amount());
        if (!givenBack && payment.reference() == null) {
            return Optional.empty();
        }
        return Optional.of(new Listed(
                givenBack ? Kind.REFUND : Kind.PAYMENT,
                provider,
                payment.id(),
                payment.reference(),
                null,
                false,
                false,
                payment.amount().amount() + " " + payment.amount().currency()));
    }

    /** The provider and its id of the thing. */
    String name() {
        return provider + ":" + id;
    }
}
