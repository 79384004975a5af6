package dev.parley.billing.lifecycle;

import dev.parley.billing.overage.OverageFlow;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.refund.RefundFlow;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an object from its provider and applies it. Whoever has a reason to look (a webhook, a sweeper, a person)
 * comes through here, so the order and number of reasons does not matter.
 */
@ApplicationScoped
public class ProviderStateFlow {
    private final SubscriptionService subscriptions;
    private final ProviderStateService states;
    private final RefundFlow refunds;
    private final OverageFlow overages;

    ProviderStateFlow(
            SubscriptionService subscriptions, ProviderStateService states, RefundFlow refunds, OverageFlow overages) {
        this.subscriptions = subscriptions;
        this.states = states;
        this.refunds = refunds;
        this.overages = overages;
    }

    /** Follows a webhook; false when it is about nothing of ours. */
    public boolean follow(PaymentProvider provider, ProviderEvent.ObjectKind kind, @Nullable String objectId) {
        if (objectId == null) {
            return false;
        }
        return switch (kind) {
            case CHECKOUT ->
                provider.fetchCheckout(objectId)
                        .map(checkout -> followCheckout(provider, checkout))
                        .orElse(false);
            case SUBSCRIPTION -> followSubscription(provider, objectId);
            case INVOICE -> followInvoice(provider, objectId);
            case REFUND -> refunds.follow(provider, objectId);
            case OTHER -> false;
        };
    }

    boolean followCheckout(PaymentProvider provider, ProviderCheckout checkout) {
        CheckoutReference reference = checkout.reference();
        if (reference == null || !states.note(reference, checkout)) {
            return false;
        }
        return checkout.subscriptionId() == null
                || look(provider, checkout.subscriptionId(), reference, null, subscriptions.fetchTicket())
                        .isPresent();
    }

    boolean followSubscription(PaymentProvider provider, String subscriptionId) {
        return look(provider, subscriptionId).isPresent();
    }

    /** As {@link #followSubscription}, and returns what the provider said; empty when it is not one of ours. */
    Optional<ProviderSubscription> look(PaymentProvider provider, String subscriptionId) {
        return look(provider, subscriptionId, null, null, subscriptions.fetchTicket());
    }

    private boolean followInvoice(PaymentProvider provider, String invoiceId) {
        long ticket = subscriptions.fetchTicket();
        Optional<ProviderInvoice> invoice = provider.fetchInvoice(invoiceId);
        String subscriptionId = invoice.map(ProviderInvoice::subscriptionId).orElse(null);
        if (subscriptionId == null) {
            return invoice.isPresent() && overages.follow(provider, invoice.get());
        }
        return look(provider, subscriptionId, null, invoice.get(), ticket).isPresent();
    }

    /** The ticket was taken before anything of it was asked for: it says which of two answers is the older one. */
    private Optional<ProviderSubscription> look(
            PaymentProvider provider,
            String subscriptionId,
            @Nullable CheckoutReference hint,
            @Nullable ProviderInvoice invoice,
            long ticket) {
        Optional<ProviderSubscription> found = provider.fetchSubscription(subscriptionId);
        if (found.isEmpty()) {
            return found;
        }
        ProviderSubscription subscription = found.get();
        CheckoutReference reference = subscription.reference() == null ? hint : subscription.reference();
        Optional<TenantId> tenant = reference == null
                ? subscriptions.tenantOf(provider.name(), subscriptionId)
                : Optional.of(reference.tenant());
        ProviderStateService.Answer answer = new ProviderStateService.Answer(subscription, ticket, invoice);
        return tenant.filter(known -> states.apply(known, reference, answer)).map(known -> subscription);
    }
}
