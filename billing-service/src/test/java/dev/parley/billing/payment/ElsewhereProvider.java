package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import dev.parley.billing.plan.Plan;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A second provider that only knows how to authorise a plan for later: what a tenant moves to in tests. */
@ApplicationScoped
public class ElsewhereProvider implements PaymentProvider {
    private final Map<String, CheckoutOrder> orders = new ConcurrentHashMap<>();
    private final Map<String, ProviderSubscription> subscriptions = new ConcurrentHashMap<>();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    @Override
    public String name() {
        return "elsewhere";
    }

    @Override
    public ProviderCheckout createCheckout(CheckoutOrder order) {
        String session = "page_" + order.checkoutId();
        orders.put(session, order);
        return checkout(session);
    }

    private ProviderCheckout checkout(String session) {
        CheckoutOrder order = orders.get(session);
        String subscription = "sub_" + session;
        boolean done = subscriptions.containsKey(subscription);
        return new ProviderCheckout(
                session,
                done ? ProviderCheckout.State.COMPLETED : ProviderCheckout.State.OPEN,
                "https://elsewhere.example/" + session,
                done ? subscription : null,
                null,
                new CheckoutReference(order.tenant(), order.checkoutId()));
    }

    /** The customer authorises what the page is for: the subscription waits for its first charge. */
    public String authorise(String session, Instant now) {
        CheckoutOrder order = orders.get(session);
        String id = "sub_" + session;
        subscriptions.put(id, subscription(id, order, SubscriptionStatus.TRIAL, now, now, order.firstChargeAt(), null));
        return id;
    }

    /** The first charge is made when what was paid elsewhere is over. */
    public void charge(String id, Instant until) {
        ProviderSubscription before = subscriptions.get(id);
        CheckoutOrder order = orders.get(id.substring("sub_".length()));
        ProviderInvoice invoice = new ProviderInvoice(
                "inv_" + id,
                "E-1",
                "paid",
                ProviderInvoice.Kind.PERIOD,
                order.purchase().price(),
                id,
                "pay_" + id,
                before.periodEnd(),
                until,
                before.periodEnd(),
                before.periodEnd());
        subscriptions.put(
                id,
                subscription(
                        id, order, SubscriptionStatus.ACTIVE, before.createdAt(), before.periodEnd(), until, invoice));
    }

    private static ProviderSubscription subscription(
            String id,
            CheckoutOrder order,
            SubscriptionStatus status,
            Instant created,
            Instant from,
            Instant to,
            ProviderInvoice invoice) {
        return new ProviderSubscription(
                "elsewhere",
                id,
                "customer",
                status,
                created,
                from,
                to,
                false,
                null,
                invoice,
                new CheckoutReference(order.tenant(), order.checkoutId()),
                null,
                null);
    }

    /** What was cancelled at period end. */
    public Set<String> cancelled() {
        return cancelled;
    }

    @Override
    public Optional<ProviderCheckout> fetchCheckout(String sessionId) {
        return orders.containsKey(sessionId) ? Optional.of(checkout(sessionId)) : Optional.empty();
    }

    /** Until the latch opens, questions about subscriptions that nobody has are not answered. */
    public void stall(CountDownLatch until) {
        stalled = until;
    }

    @Override
    public Optional<ProviderSubscription> fetchSubscription(String subscriptionId) {
        try {
            if (!subscriptions.containsKey(subscriptionId) && !stalled.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Optional.ofNullable(subscriptions.get(subscriptionId));
    }

    @Override
    public Optional<ProviderInvoice> fetchInvoice(String invoiceId) {
        return Optional.empty();
    }

    @Override
    public Optional<ProviderRefund> fetchRefund(String refundId) {
        return Optional.empty();
    }

    @Override
    public void cancelAtPeriodEnd(String subscriptionId, UUID requestId) {
        cancelled.add(subscriptionId);
    }

    @Override
    public void cancelNow(String subscriptionId, UUID requestId) {
        cancelled.add(subscriptionId);
    }

    @Override
    public Money previewChange(PlanChangeOrder order) {
        throw new PaymentRefused("no changes elsewhere", null);
    }

    @Override
    public void changePlan(PlanChangeOrder order) {
        throw new PaymentRefused("no changes elsewhere", null);
    }

    @Override
    public void withdrawChange(String subscriptionId, Plan current, UUID requestId) {
        throw new PaymentRefused("no changes elsewhere", null);
    }

    @Override
    public void resume(String subscriptionId, UUID requestId) {
        throw new PaymentRefused("no resumption elsewhere", null);
    }

    @Override
    public ProviderRefund refund(RefundOrder order) {
        throw new PaymentRefused("no refunds elsewhere", null);
    }

    @Override
    public ProviderOverage chargeOverage(OverageOrder order) {
        throw new PaymentRefused("no overage elsewhere", null);
    }

    @Override
    public Optional<ProviderOverage> fetchOverage(String overageId) {
        return Optional.empty();
    }

    @Override
    public Stream<ProviderSubscription> listSubscriptions(Instant since) {
        return subscriptions.values().stream();
    }

    @Override
    public Stream<ProviderInvoice> listInvoices(Instant since) {
        return Stream.empty();
    }

    @Override
    public Stream<ProviderPayment> listPayments(Instant since) {
        return Stream.empty();
    }

    @Override
    public Optional<ProviderClocks> clocks() {
        return Optional.empty();
    }

    @Override
    public ProviderEvent verify(WebhookDelivery delivery) {
        throw new WebhookRefused(WebhookRefused.Reason.BAD_SIGNATURE);
    }
}
