package dev.parley.billing.payment.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.Invoice;
import com.stripe.model.StripeCollection;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.InvoiceRetrieveParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.SubscriptionCancelParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionRetrieveParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.PaymentDeclined;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderClocks;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderOverage;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderRefund;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.Purchase;
import dev.parley.billing.payment.RefundOrder;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.billing.payment.WebhookRefused;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Plan;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Stripe: hosted checkout and subscriptions. */
@ApplicationScoped
public class StripeProvider implements PaymentProvider {
    static final String NAME = "stripe";

    private static final long PAGE = 100;

    private final StripeClient stripe;
    private final StripePlanChanges changes;
    private final StripeOverages overages;
    private final StripeClocks clocks;
    private final StripeSignature signature;
    private final ObjectMapper json;

    StripeProvider(StripeConfig config, ObjectMapper json, Clock clock) {
        this.stripe = StripeClient.builder()
                .setApiKey(config.secretKey())
                .setApiBase(withoutSlash(config.apiBase().toString()))
                .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
                .setReadTimeout(Math.toIntExact(config.readTimeout().toMillis()))
                .setMaxNetworkRetries(config.retries())
                .build();
        this.changes = new StripePlanChanges(stripe);
        this.overages = new StripeOverages(stripe);
        this.clocks = new StripeClocks(stripe, config.clockPatience());
        List<String> secrets = Stream.concat(Stream.of(config.webhookSecret()), config.previousWebhookSecret().stream())
                .toList();
        this.signature = new StripeSignature(secrets, config.webhookTolerance(), clock);
        this.json = json;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProviderCheckout createCheckout(CheckoutOrder order) {
        String tenant = order.tenant().toString();
        String checkout = order.checkoutId().toString();
        SessionCreateParams.Builder params = SessionCreateParams.builder()
                .setClientReferenceId(checkout)
                .setSuccessUrl(order.successUrl())
                .setCancelUrl(order.cancelUrl())
                .putMetadata(StripeObjects.TENANT, tenant)
                .putMetadata(StripeObjects.CHECKOUT, checkout);
        switch (order.purchase()) {
            case Purchase.OfPlan(Plan plan) -> {
                SessionCreateParams.SubscriptionData.Builder data = SessionCreateParams.SubscriptionData.builder()
                        .putMetadata(StripeObjects.TENANT, tenant)
                        .putMetadata(StripeObjects.CHECKOUT, checkout);
                if (order.firstChargeAt() != null) {
                    data.setTrialEnd(order.firstChargeAt().getEpochSecond());
                }
                params.setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                        .setSubscriptionData(data.build())
                        .addLineItem(lineItem(order.purchase(), plan.interval()));
            }
            case Purchase.OfPack pack ->
                params.setMode(SessionCreateParams.Mode.PAYMENT)
                        .setPaymentIntentData(SessionCreateParams.PaymentIntentData.builder()
                                .putMetadata(StripeObjects.TENANT, tenant)
                                .putMetadata(StripeObjects.CHECKOUT, checkout)
                                .build())
                        .addLineItem(lineItem(pack, null));
        }
        return call(() -> {
            String customer = order.clockId() == null ? order.customerId() : customerOnClock(order);
            if (customer != null) {
                params.setCustomer(customer);
            }
            return StripeObjects.checkout(stripe.v1().checkout().sessions().create(params.build(), once(checkout)));
        });
    }

    /** A test clock belongs to a customer, so one is made before the page. */
    private String customerOnClock(CheckoutOrder order) throws StripeException {
        CustomerCreateParams params = CustomerCreateParams.builder()
                .setTestClock(order.clockId())
                .putMetadata(StripeObjects.TENANT, order.tenant().toString())
                .build();
        return stripe.v1()
                .customers()
                .create(params, once(order.checkoutId() + "-customer"))
                .getId();
    }

    private static SessionCreateParams.LineItem lineItem(Purchase purchase, @Nullable BillingInterval every) {
        SessionCreateParams.LineItem.PriceData.Builder price = SessionCreateParams.LineItem.PriceData.builder()
                .setCurrency(purchase.price().currency().toLowerCase(Locale.ROOT))
                .setUnitAmount(purchase.price().amount())
                .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                        .setName(purchase.name())
                        .build());
        if (every != null) {
            price.setRecurring(SessionCreateParams.LineItem.PriceData.Recurring.builder()
                    .setInterval(SessionCreateParams.LineItem.PriceData.Recurring.Interval.valueOf(every.name()))
                    .build());
        }
        return SessionCreateParams.LineItem.builder()
                .setQuantity(1L)
                .setPriceData(price.build())
                .build();
    }

    @Override
    public Optional<ProviderCheckout> fetchCheckout(String sessionId) {
        return find(() -> {
            Session session = stripe.v1().checkout().sessions().retrieve(sessionId);
            return StripeObjects.checkout(session);
        });
    }

    @Override
    public Optional<ProviderSubscription> fetchSubscription(String subscriptionId) {
        SubscriptionRetrieveParams params = SubscriptionRetrieveParams.builder()
                .addExpand("latest_invoice.payments")
                .build();
        return find(() -> {
            Subscription subscription = stripe.v1().subscriptions().retrieve(subscriptionId, params);
            return StripeObjects.subscription(subscription, latestInvoice(subscription));
        });
    }

    /** The invoice comes with the subscription when it was expanded; else it is asked for. */
    private @Nullable ProviderInvoice latestInvoice(Subscription subscription) {
        Invoice expanded = subscription.getLatestInvoiceObject();
        if (expanded != null) {
            return StripeObjects.invoice(expanded);
        }
        String id = subscription.getLatestInvoice();
        return id == null ? null : fetchInvoice(id).orElse(null);
    }

    @Override
    public Optional<ProviderInvoice> fetchInvoice(String invoiceId) {
        InvoiceRetrieveParams params =
                InvoiceRetrieveParams.builder().addExpand("payments").build();
        return find(() -> StripeObjects.invoice(stripe.v1().invoices().retrieve(invoiceId, params)));
    }

    @Override
    public Optional<ProviderRefund> fetchRefund(String refundId) {
        return find(() -> StripeObjects.refund(stripe.v1().refunds().retrieve(refundId)));
    }

    @Override
    public Money previewChange(PlanChangeOrder order) {
        if (order.when() == PlanChangeOrder.When.PERIOD_END) {
            return new Money(0, order.to().price().currency());
        }
        return call(() -> changes.preview(order));
    }

    @Override
    public void changePlan(PlanChangeOrder order) {
        call(() -> changes.change(order, once(order.changeId().toString())));
    }

    @Override
    public void withdrawChange(String subscriptionId, Plan current, UUID requestId) {
        call(() -> changes.withdraw(subscriptionId, current, once(requestId.toString())));
    }

    @Override
    public ProviderRefund refund(RefundOrder order) {
        RefundCreateParams params = RefundCreateParams.builder()
                .setPaymentIntent(order.paymentId())
                .setAmount(order.amount().amount())
                .putMetadata("parley_refund_id", order.refundId().toString())
                .build();
        return call(() -> StripeObjects.refund(
                stripe.v1().refunds().create(params, once(order.refundId().toString()))));
    }

    @Override
    public ProviderOverage chargeOverage(OverageOrder order) {
        return call(() -> overages.charge(order));
    }

    @Override
    public Optional<ProviderOverage> fetchOverage(String overageId) {
        return find(() -> overages.fetch(overageId)).flatMap(found -> found);
    }

    @Override
    public Stream<ProviderSubscription> listSubscriptions(Instant since) {
        SubscriptionListParams params = SubscriptionListParams.builder()
                .setStatus(SubscriptionListParams.Status.ALL)
                .setCreated(SubscriptionListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE)
                .addExpand("data.latest_invoice.payments")
                .build();
        return all(() -> stripe.v1().subscriptions().list(params))
                .map(subscription -> StripeObjects.subscription(subscription, latestInvoice(subscription)));
    }

    @Override
    public Stream<ProviderInvoice> listInvoices(Instant since) {
        InvoiceListParams params = InvoiceListParams.builder()
                .setCreated(InvoiceListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE)
                .addExpand("data.payments")
                .build();
        return all(() -> stripe.v1().invoices().list(params)).map(StripeObjects::invoice);
    }

    @Override
    public Stream<ProviderPayment> listPayments(Instant since) {
        PaymentIntentListParams params = PaymentIntentListParams.builder()
                .setCreated(PaymentIntentListParams.Created.builder()
                        .setGte(since.getEpochSecond())
                        .build())
                .setLimit(PAGE)
                .addExpand("data.latest_charge")
                .build();
        return all(() -> stripe.v1().paymentIntents().list(params))
                .filter(intent -> "succeeded".equals(intent.getStatus()))
                .map(StripeObjects::payment);
    }

    /** The pages after the first are fetched while the stream is read; the client wraps what then goes wrong. */
    private static <T extends HasId> Stream<T> all(StripeCall<StripeCollection<T>> firstPage) {
        Iterator<T> pages = call(firstPage).autoPagingIterable().iterator();
        Iterator<T> classified = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return read(pages::hasNext);
            }

            @Override
            public T next() {
                return read(pages::next);
            }

            private <R> R read(Supplier<R> step) {
                try {
                    return step.get();
                } catch (RuntimeException failure) {
                    throw failure.getCause() instanceof StripeException stripe ? classified(stripe) : failure;
                }
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(classified, Spliterator.ORDERED), false);
    }

    @Override
    public Optional<ProviderClocks> clocks() {
        return Optional.of(clocks);
    }

    @Override
    public void cancelAtPeriodEnd(String subscriptionId, UUID requestId) {
        setCancelAtPeriodEnd(subscriptionId, requestId, true);
    }

    @Override
    public void resume(String subscriptionId, UUID requestId) {
        setCancelAtPeriodEnd(subscriptionId, requestId, false);
    }

    private void setCancelAtPeriodEnd(String subscriptionId, UUID requestId, boolean cancel) {
        SubscriptionUpdateParams params =
                SubscriptionUpdateParams.builder().setCancelAtPeriodEnd(cancel).build();
        call(() -> stripe.v1().subscriptions().update(subscriptionId, params, once(requestId.toString())));
    }

    @Override
    public void cancelNow(String subscriptionId, UUID requestId) {
        SubscriptionCancelParams params = SubscriptionCancelParams.builder()
                .setInvoiceNow(false)
                .setProrate(false)
                .build();
        // Stripe answers 404 for a subscription that has ended already.
        find(() -> stripe.v1().subscriptions().cancel(subscriptionId, params, once(requestId.toString())));
    }

    @Override
    public ProviderEvent verify(WebhookDelivery delivery) {
        signature.verify(delivery.body(), delivery.headers().get("stripe-signature"));
        JsonNode event;
        try {
            event = json.readTree(delivery.body());
        } catch (IOException unreadable) {
            throw new WebhookRefused(WebhookRefused.Reason.UNREADABLE);
        }
        String id = event.path("id").asText("");
        if (!event.path("object").asText("").equals("event") || id.isEmpty()) {
            throw new WebhookRefused(WebhookRefused.Reason.UNREADABLE);
        }
        JsonNode object = event.path("data").path("object");
        ProviderEvent.ObjectKind kind =
                switch (object.path("object").asText("")) {
                    case "checkout.session" -> ProviderEvent.ObjectKind.CHECKOUT;
                    case "subscription" -> ProviderEvent.ObjectKind.SUBSCRIPTION;
                    case "invoice" -> ProviderEvent.ObjectKind.INVOICE;
                    case "refund" -> ProviderEvent.ObjectKind.REFUND;
                    default -> ProviderEvent.ObjectKind.OTHER;
                };
        return new ProviderEvent(
                NAME,
                event.path("account").asText(""),
                id,
                event.path("type").asText("unknown"),
                kind,
                object.path("id").isTextual() ? object.path("id").asText() : null);
    }

    /** The key under which Stripe does a thing once. */
    static RequestOptions once(String intent) {
        return RequestOptions.builder().setIdempotencyKey("parley-" + intent).build();
    }

    /** One call of Stripe's client. */
    interface StripeCall<T> {
        T run() throws StripeException;
    }

    private static <T> Optional<T> find(StripeCall<T> call) {
        try {
            return Optional.of(call.run());
        } catch (InvalidRequestException unknown) {
            if (Integer.valueOf(404).equals(unknown.getStatusCode())) {
                return Optional.empty();
            }
            throw classified(unknown);
        } catch (StripeException failure) {
            throw classified(failure);
        }
    }

    /** Makes a call; its failures become ours. */
    static <T> T call(StripeCall<T> call) {
        try {
            return call.run();
        } catch (StripeException failure) {
            throw classified(failure);
        }
    }

    /**
     * Only these say for certain that nothing happened; a lock (409), a limit, a 5xx or a cut connection do not, and a key
     * that is not let in says nothing about what was asked for with a better one.
     */
    private static RuntimeException classified(StripeException failure) {
        boolean refused = failure instanceof InvalidRequestException || failure instanceof IdempotencyException;
        boolean conflict = Integer.valueOf(409).equals(failure.getStatusCode());
        String message = "stripe: " + failure.getMessage();
        if (failure instanceof CardException) {
            return new PaymentDeclined(message, failure);
        }
        return refused && !conflict ? new PaymentRefused(message, failure) : new PaymentUncertain(message, failure);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
