package dev.parley.billing.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.net.RequestOptions;
import com.stripe.param.InvoiceCreatePreviewParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.SubscriptionUpdateParams.PaymentBehavior;
import com.stripe.param.SubscriptionUpdateParams.ProrationBehavior;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.plan.Plan;
import java.util.Locale;

/**
 * Changes the price of a subscription's one item and notes in its metadata which plan that is, both in one call, so that
 * they cannot disagree. A change at period end sets the new price at once without proration, which Stripe charges with
 * the next period, and notes from when on it is the plan: no schedule is needed, which would take two calls and refuse
 * cancellations. An empty value takes a name out of the metadata.
 */
final class StripePlanChanges {
    private final StripeClient stripe;

    StripePlanChanges(StripeClient stripe) {
        this.stripe = stripe;
    }

    Money preview(PlanChangeOrder order) throws StripeException {
        SubscriptionItem item = item(order.subscriptionId());
        Plan to = order.to();
        Invoice preview = stripe.v1()
                .invoices()
                .createPreview(InvoiceCreatePreviewParams.builder()
                        .setSubscription(order.subscriptionId())
                        .setSubscriptionDetails(InvoiceCreatePreviewParams.SubscriptionDetails.builder()
                                .setProrationBehavior(
                                        InvoiceCreatePreviewParams.SubscriptionDetails.ProrationBehavior.ALWAYS_INVOICE)
                                .setProrationDate(order.at().getEpochSecond())
                                .addItem(InvoiceCreatePreviewParams.SubscriptionDetails.Item.builder()
                                        .setId(item.getId())
                                        .setPriceData(
                                                InvoiceCreatePreviewParams.SubscriptionDetails.Item.PriceData.builder()
                                                        .setCurrency(currency(to))
                                                        .setProduct(
                                                                item.getPrice().getProduct())
                                                        .setUnitAmount(
                                                                to.price().amount())
                                                        .setRecurring(
                                                                InvoiceCreatePreviewParams.SubscriptionDetails.Item
                                                                        .PriceData.Recurring.builder()
                                                                        .setInterval(InvoiceCreatePreviewParams
                                                                                .SubscriptionDetails.Item.PriceData
                                                                                .Recurring.Interval.valueOf(
                                                                                to.interval()
                                                                                        .name()))
                                                                        .build())
                                                        .build())
                                        .build())
                                .build())
                        .build());
        return new Money(Math.max(0, preview.getTotal()), to.price().currency());
    }

    Subscription change(PlanChangeOrder order, RequestOptions once) throws StripeException {
        boolean now = order.when() == PlanChangeOrder.When.NOW;
        Plan running = now ? order.to() : order.from();
        SubscriptionItem item = item(order.subscriptionId());
        SubscriptionUpdateParams.Builder params =
                priced(item, order.to()).putMetadata(StripeObjects.PLAN, StripeObjects.text(PlanReference.of(running)));
        if (now) {
            // A card that is declined leaves the subscription as it was.
            params.putMetadata(StripeObjects.NEXT_PLAN, "")
                    .putMetadata(StripeObjects.NEXT_FROM, "")
                    .setProrationBehavior(ProrationBehavior.ALWAYS_INVOICE)
                    .setProrationDate(order.at().getEpochSecond())
                    .setPaymentBehavior(PaymentBehavior.ERROR_IF_INCOMPLETE);
        } else {
            params.setProrationBehavior(ProrationBehavior.NONE)
                    .putMetadata(StripeObjects.NEXT_PLAN, StripeObjects.text(PlanReference.of(order.to())))
                    .putMetadata(StripeObjects.NEXT_FROM, String.valueOf(item.getCurrentPeriodEnd()));
        }
        return stripe.v1().subscriptions().update(order.subscriptionId(), params.build(), once);
    }

    /** Only what waits is taken back: a plan whose period has begun is charged, and the price is its. */
    Subscription withdraw(String subscriptionId, Plan current, RequestOptions once) throws StripeException {
        Subscription subscription = stripe.v1().subscriptions().retrieve(subscriptionId);
        if (!subscription.getMetadata().containsKey(StripeObjects.NEXT_PLAN)) {
            return subscription;
        }
        if (StripeObjects.subscription(subscription, null).nextPlan() == null) {
            throw new PaymentRefused("stripe: the period of the plan that followed has begun", null);
        }
        SubscriptionUpdateParams params = priced(item(subscription), current)
                .setProrationBehavior(ProrationBehavior.NONE)
                .putMetadata(StripeObjects.PLAN, StripeObjects.text(PlanReference.of(current)))
                .putMetadata(StripeObjects.NEXT_PLAN, "")
                .putMetadata(StripeObjects.NEXT_FROM, "")
                .build();
        return stripe.v1().subscriptions().update(subscriptionId, params, once);
    }

    private SubscriptionUpdateParams.Builder priced(SubscriptionItem item, Plan plan) throws StripeException {
        return SubscriptionUpdateParams.builder()
                .addItem(SubscriptionUpdateParams.Item.builder()
                        .setId(item.getId())
                        .setPriceData(SubscriptionUpdateParams.Item.PriceData.builder()
                                .setCurrency(currency(plan))
                                .setProduct(product(plan))
                                .setUnitAmount(plan.price().amount())
                                .setRecurring(SubscriptionUpdateParams.Item.PriceData.Recurring.builder()
                                        .setInterval(SubscriptionUpdateParams.Item.PriceData.Recurring.Interval.valueOf(
                                                plan.interval().name()))
                                        .build())
                                .build())
                        .build());
    }

    private SubscriptionItem item(String subscriptionId) throws StripeException {
        return item(stripe.v1().subscriptions().retrieve(subscriptionId));
    }

    private static SubscriptionItem item(Subscription subscription) {
        return subscription.getItems().getData().getFirst();
    }

    /** The product that carries the plan version's name on invoices, made the first time. */
    private String product(Plan plan) throws StripeException {
        String id = "parley-" + plan.code() + "-" + plan.version();
        try {
            stripe.v1()
                    .products()
                    .create(ProductCreateParams.builder()
                            .setId(id)
                            .setName(plan.name())
                            .build());
        } catch (InvalidRequestException refused) {
            if (!"resource_already_exists".equals(refused.getCode())) {
                throw refused;
            }
        }
        return id;
    }

    private static String currency(Plan plan) {
        return plan.price().currency().toLowerCase(Locale.ROOT);
    }
}
