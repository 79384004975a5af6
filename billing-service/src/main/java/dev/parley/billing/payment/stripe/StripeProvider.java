package dev.parley.billing.payment.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.StripeClient;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.Subscription;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.SubscriptionCancelParams;
import com.stripe.param.SubscriptionRetrieveParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.billing.payment.WebhookRefused;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stripe: hosted checkout and subscriptions. */
@ApplicationScoped
public class StripeProvider implements PaymentProvider {
    static final String NAME = "stripe";

    private final StripeClient stripe;
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
        SessionCreateParams params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setClientReferenceId(checkout)
                .setSuccessUrl(order.successUrl())
                .setCancelUrl(order.cancelUrl())
                .putMetadata(StripeObjects.TENANT, tenant)
                .putMetadata(StripeObjects.CHECKOUT, checkout)
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .putMetadata(StripeObjects.TENANT, tenant)
                        .putMetadata(StripeObjects.CHECKOUT, checkout)
                        .build())
                .addLineItem(lineItem(order))
                .build();
        return call(
                () -> StripeObjects.checkout(stripe.v1().checkout().sessions().create(params, once(checkout))));
    }

    private static SessionCreateParams.LineItem lineItem(CheckoutOrder order) {
        return SessionCreateParams.LineItem.builder()
                .setQuantity(1L)
                .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                        .setCurrency(order.plan().price().currency().toLowerCase(Locale.ROOT))
                        .setUnitAmount(order.plan().price().amount())
                        .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                .setName(order.plan().name())
                                .build())
                        .setRecurring(SessionCreateParams.LineItem.PriceData.Recurring.builder()
                                .setInterval(SessionCreateParams.LineItem.PriceData.Recurring.Interval.valueOf(
                                        order.plan().interval().name()))
                                .build())
                        .build())
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
        SubscriptionRetrieveParams params =
                SubscriptionRetrieveParams.builder().addExpand("latest_invoice").build();
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
        return find(() -> StripeObjects.invoice(stripe.v1().invoices().retrieve(invoiceId)));
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

    private static RequestOptions once(String intent) {
        return RequestOptions.builder().setIdempotencyKey("parley-" + intent).build();
    }

    private interface StripeCall<T> {
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

    private static <T> T call(StripeCall<T> call) {
        try {
            return call.run();
        } catch (StripeException failure) {
            throw classified(failure);
        }
    }

    /** Only these say for certain that nothing happened; a lock (409), a limit, a 5xx or a cut connection do not. */
    private static RuntimeException classified(StripeException failure) {
        boolean refused = failure instanceof InvalidRequestException
                || failure instanceof AuthenticationException
                || failure instanceof PermissionException
                || failure instanceof IdempotencyException;
        boolean conflict = Integer.valueOf(409).equals(failure.getStatusCode());
        String message = "stripe: " + failure.getMessage();
        return refused && !conflict ? new PaymentRefused(message, failure) : new PaymentUncertain(message, failure);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
