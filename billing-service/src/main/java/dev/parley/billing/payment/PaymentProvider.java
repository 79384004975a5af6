package dev.parley.billing.payment;

import java.util.Optional;
import java.util.UUID;

/**
 * A payment provider. Calls go over the network, so they are never made inside a transaction; each may raise
 * {@link PaymentRefused} (the provider said no: nothing happened) or {@link PaymentUncertain} (nobody knows: ask again).
 * An adapter keeps no state.
 */
public interface PaymentProvider {
    /** The name in the API, in the database and in the webhook's path, for example {@code stripe}. */
    String name();

    /** Makes the page to pay on. The same order again gives the same page: the checkout's id is the idempotency key. */
    ProviderCheckout createCheckout(CheckoutOrder order);

    /** What the provider now says of a checkout; empty when it does not know it. */
    Optional<ProviderCheckout> fetchCheckout(String sessionId);

    /** What the provider now says of a subscription, with its newest invoice; empty when it does not know it. */
    Optional<ProviderSubscription> fetchSubscription(String subscriptionId);

    /** What the provider now says of an invoice; empty when it does not know it. */
    Optional<ProviderInvoice> fetchInvoice(String invoiceId);

    /** Ends a subscription at the end of its period. */
    void cancelAtPeriodEnd(String subscriptionId, UUID requestId);

    /** Ends a subscription at once, without refund; one that has ended already, or is not known, is no error. */
    void cancelNow(String subscriptionId, UUID requestId);

    /** Takes a cancellation at period end back. */
    void resume(String subscriptionId, UUID requestId);

    /** Checks a webhook's signature and reads what it is about; raises {@link WebhookRefused}. */
    ProviderEvent verify(WebhookDelivery delivery);
}
