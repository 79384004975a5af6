package dev.parley.billing.lifecycle;

import dev.parley.billing.checkout.CheckoutService;
import dev.parley.billing.invoice.InvoiceService;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what a provider said, in one transaction: checkout, invoices, subscription, credits. */
@ApplicationScoped
class ProviderStateService {
    private final Database database;
    private final CheckoutService checkouts;
    private final InvoiceService invoices;
    private final SubscriptionService subscriptions;

    ProviderStateService(
            Database database, CheckoutService checkouts, InvoiceService invoices, SubscriptionService subscriptions) {
        this.database = database;
        this.checkouts = checkouts;
        this.invoices = invoices;
        this.subscriptions = subscriptions;
    }

    /** What a provider said of a subscription, and when it was asked. */
    record Answer(
            ProviderSubscription subscription,
            long ticket,
            @Nullable ProviderInvoice invoice) {}

    /** Returns false when the subscription is not one of ours: its checkout is not known to that tenant. */
    boolean apply(TenantId tenant, @Nullable CheckoutReference reference, Answer answer) {
        ProviderSubscription from = answer.subscription();
        return database.inTenant(tenant, handle -> {
            Optional<Plan> plan = reference == null
                    ? subscriptions.planOf(handle, from)
                    : checkouts.planOf(handle, reference.checkoutId());
            if (plan.isEmpty()) {
                return false;
            }
            if (answer.invoice() != null) {
                invoices.store(handle, tenant, from.provider(), answer.invoice(), plan.get(), answer.ticket());
            }
            if (from.latestInvoice() != null) {
                invoices.store(handle, tenant, from.provider(), from.latestInvoice(), plan.get(), answer.ticket());
            }
            subscriptions.follow(handle, tenant, from, plan.get(), answer.ticket());
            return true;
        });
    }

    /** Notes how far a checkout is; false when it is not one of ours. */
    boolean note(CheckoutReference reference, ProviderCheckout checkout) {
        return database.inTenant(reference.tenant(), handle -> {
            checkouts.noteAnswer(handle, reference.checkoutId(), checkout);
            return checkouts.planOf(handle, reference.checkoutId()).isPresent();
        });
    }
}
