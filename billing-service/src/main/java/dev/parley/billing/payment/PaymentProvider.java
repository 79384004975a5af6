package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import dev.parley.billing.plan.Plan;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A payment provider. Calls go over the network, so they are never made inside a transaction; each may raise
 * {@link PaymentRefused} (the provider said no: nothing happened), {@link PaymentDeclined} (the same, because of the
 * customer's card) or {@link PaymentUncertain} (nobody knows: ask again). Whatever changes something takes an id that
 * names the wish: asking again with it, for at least a day, has no further effect. An adapter keeps no state.
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

    /** What the provider now says of a refund; empty when it does not know it. */
    Optional<ProviderRefund> fetchRefund(String refundId);

    /** What {@link #changePlan} of that order would charge at once, zero or more; nothing changes. */
    Money previewChange(PlanChangeOrder order);

    /**
     * Changes the plan. Now: charges the difference of the prices for the rest of the period first, and
     * {@link PaymentDeclined} when that fails, with the plan as it was; afterwards the subscription tells the new
     * {@link ProviderSubscription#plan}, the same period, and as newest invoice that charge, of kind
     * {@link ProviderInvoice.Kind#CHANGE}, unless nothing was to pay. At period end: afterwards the subscription tells the
     * old plan and the new one as {@link ProviderSubscription#nextPlan}; with the next period it is the plan. A change
     * that waits already must be taken back before.
     */
    void changePlan(PlanChangeOrder order);

    /**
     * Takes a change back that waits for the period's end; when none waits this changes nothing. {@link PaymentRefused}
     * when the period that it waited for has begun.
     *
     * @param current the plan version that the subscription is on and stays on
     */
    void withdrawChange(String subscriptionId, Plan current, UUID requestId);

    /** Ends a subscription at the end of its period. */
    void cancelAtPeriodEnd(String subscriptionId, UUID requestId);

    /** Ends a subscription at once, without refund; one that has ended already, or is not known, is no error. */
    void cancelNow(String subscriptionId, UUID requestId);

    /** Takes a cancellation at period end back. */
    void resume(String subscriptionId, UUID requestId);

    /** Gives a part of a payment back. The same order again gives the same refund. */
    ProviderRefund refund(RefundOrder order);

    /**
     * Charges overage: with the next invoice of the subscription, or by an invoice of its own. The same order again, however
     * late, charges nothing more; one that now wants an invoice of its own takes the item out of what was to carry it,
     * unless it was charged already. The invoice that charges it tells so ({@link ProviderInvoice#overages}).
     */
    ProviderOverage chargeOverage(OverageOrder order);

    /** What the provider now says of ordered overage; empty when it does not know it. */
    Optional<ProviderOverage> fetchOverage(String overageId);

    /**
     * Every subscription that was made since that time, ended ones too, in no promised order. Pages are fetched while the
     * stream is read, so reading may raise what calls raise. Each comes with its newest invoice as fetching it would.
     */
    Stream<ProviderSubscription> listSubscriptions(Instant since);

    /** Every invoice that was made since that time, as {@link #listSubscriptions}. */
    Stream<ProviderInvoice> listInvoices(Instant since);

    /** Every payment that succeeded since that time, as {@link #listSubscriptions}. */
    Stream<ProviderPayment> listPayments(Instant since);

    /** The clocks of the provider's test mode; empty when it has none. */
    Optional<ProviderClocks> clocks();

    /** Checks a webhook's signature and reads what it is about; raises {@link WebhookRefused}. */
    ProviderEvent verify(WebhookDelivery delivery);
}
