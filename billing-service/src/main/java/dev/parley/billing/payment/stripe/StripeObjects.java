package dev.parley.billing.payment.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderRefund;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns Stripe's objects into ours. */
final class StripeObjects {
    /** The names under which our ids are kept in metadata. */
    static final String TENANT = "parley_tenant_id";

    static final String CHECKOUT = "parley_checkout_id";

    /** The plan version that the subscription is on, as {@code code/version}. */
    static final String PLAN = "parley_plan";

    /** The plan version that is charged from {@link #NEXT_FROM} on. */
    static final String NEXT_PLAN = "parley_next_plan";

    /** The start, in epoch seconds, of the first period that {@link #NEXT_PLAN} is for. */
    static final String NEXT_FROM = "parley_next_from";

    /** Our charge of overage that an invoice item is for. */
    static final String OVERAGE = "parley_overage_id";

    private StripeObjects() {}

    static ProviderCheckout checkout(Session session) {
        ProviderCheckout.State state =
                switch (String.valueOf(session.getStatus())) {
                    case "complete" -> ProviderCheckout.State.COMPLETED;
                    case "expired" -> ProviderCheckout.State.EXPIRED;
                    default -> ProviderCheckout.State.OPEN;
                };
        return new ProviderCheckout(
                session.getId(),
                state,
                session.getUrl(),
                session.getSubscription(),
                "paid".equals(session.getPaymentStatus()) ? session.getPaymentIntent() : null,
                reference(session.getMetadata()));
    }

    static ProviderSubscription subscription(Subscription subscription, @Nullable ProviderInvoice latestInvoice) {
        List<SubscriptionItem> items = subscription.getItems() == null
                ? List.of()
                : subscription.getItems().getData();
        // The period belongs to the items; API versions before 2025 keep it on the subscription itself.
        Long start = items.isEmpty() ? null : items.getFirst().getCurrentPeriodStart();
        Long end = items.isEmpty() ? null : items.getFirst().getCurrentPeriodEnd();
        JsonObject raw = subscription.getRawJsonObject();
        Instant periodStart = start == null ? member(raw, "current_period_start") : Instant.ofEpochSecond(start);
        Map<String, String> metadata = subscription.getMetadata() == null ? Map.of() : subscription.getMetadata();
        PlanReference plan = plan(metadata.get(PLAN));
        PlanReference next = plan(metadata.get(NEXT_PLAN));
        boolean nextIsDue = next != null && periodStart.getEpochSecond() >= number(metadata.get(NEXT_FROM));
        return new ProviderSubscription(
                StripeProvider.NAME,
                subscription.getId(),
                subscription.getCustomer(),
                status(String.valueOf(subscription.getStatus())),
                instant(subscription.getCreated(), Instant.EPOCH),
                periodStart,
                end == null ? member(raw, "current_period_end") : Instant.ofEpochSecond(end),
                Boolean.TRUE.equals(subscription.getCancelAtPeriodEnd()),
                subscription.getTrialEnd() == null ? null : Instant.ofEpochSecond(subscription.getTrialEnd()),
                latestInvoice,
                reference(metadata),
                nextIsDue ? next : plan,
                nextIsDue ? null : next);
    }

    /** How a plan version is written down in metadata. */
    static String text(PlanReference plan) {
        return plan.code() + "/" + plan.version();
    }

    private static @Nullable PlanReference plan(@Nullable String text) {
        int slash = text == null ? -1 : text.lastIndexOf('/');
        if (slash < 1 || !text.substring(slash + 1).matches("[0-9]{1,9}")) {
            return null;
        }
        return new PlanReference(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,15}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    static ProviderInvoice invoice(Invoice invoice) {
        // The invoice's own period is the time before it for renewals; its line says what was paid for.
        List<InvoiceLineItem> lines =
                invoice.getLines() == null ? List.of() : invoice.getLines().getData();
        InvoiceLineItem.Period line = lines.stream()
                .filter(each -> overageOf(each) == null)
                .map(InvoiceLineItem::getPeriod)
                .filter(period -> period != null && period.getStart() != null && period.getEnd() != null)
                .findFirst()
                .orElse(null);
        Instant issued = instant(invoice.getCreated(), Instant.EPOCH);
        Invoice.StatusTransitions transitions = invoice.getStatusTransitions();
        boolean paid = "paid".equals(invoice.getStatus());
        Instant paidAt = transitions == null ? issued : instant(transitions.getPaidAt(), issued);
        return new ProviderInvoice(
                invoice.getId(),
                invoice.getNumber(),
                String.valueOf(invoice.getStatus()),
                kind(String.valueOf(invoice.getBillingReason())),
                money(invoice.getTotal(), invoice.getCurrency()),
                subscriptionOf(invoice),
                paymentOf(invoice),
                line == null ? instant(invoice.getPeriodStart(), issued) : Instant.ofEpochSecond(line.getStart()),
                line == null ? instant(invoice.getPeriodEnd(), issued) : Instant.ofEpochSecond(line.getEnd()),
                issued,
                paid ? paidAt : null,
                lines.stream().flatMap(StripeObjects::overages).toList());
    }

    private static Stream<ProviderInvoice.OverageLine> overages(InvoiceLineItem line) {
        UUID charge = overageOf(line);
        return charge == null
                ? Stream.empty()
                : Stream.of(new ProviderInvoice.OverageLine(
                        charge, String.valueOf(line.getDescription()), money(line.getAmount(), line.getCurrency())));
    }

    private static @Nullable UUID overageOf(InvoiceLineItem line) {
        return line.getMetadata() == null ? null : overage(line.getMetadata().get(OVERAGE));
    }

    /** The charge that a text names, or null. */
    static @Nullable UUID overage(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    static ProviderRefund refund(Refund refund) {
        ProviderRefund.State state =
                switch (String.valueOf(refund.getStatus())) {
                    case "succeeded" -> ProviderRefund.State.SUCCEEDED;
                    case "failed", "canceled" -> ProviderRefund.State.FAILED;
                    default -> ProviderRefund.State.PENDING;
                };
        return new ProviderRefund(refund.getId(), state, money(refund.getAmount(), refund.getCurrency()));
    }

    static ProviderPayment payment(PaymentIntent intent) {
        Long refunded = intent.getLatestChargeObject() == null
                ? null
                : intent.getLatestChargeObject().getAmountRefunded();
        return new ProviderPayment(
                intent.getId(),
                money(intent.getAmountReceived(), intent.getCurrency()),
                money(refunded, intent.getCurrency()),
                intent.getCustomer(),
                instant(intent.getCreated(), Instant.EPOCH),
                reference(intent.getMetadata()));
    }

    private static Money money(@Nullable Long amount, @Nullable String currency) {
        return new Money(amount == null ? 0 : amount, String.valueOf(currency).toUpperCase(Locale.ROOT));
    }

    private static ProviderInvoice.Kind kind(String billingReason) {
        return switch (billingReason) {
            case "subscription_create", "subscription_cycle" -> ProviderInvoice.Kind.PERIOD;
            case "subscription_update" -> ProviderInvoice.Kind.CHANGE;
            default -> ProviderInvoice.Kind.OTHER;
        };
    }

    private static @Nullable String paymentOf(Invoice invoice) {
        return invoice.getPayments() == null
                ? null
                : invoice.getPayments().getData().stream()
                        .filter(payment -> "paid".equals(payment.getStatus()) && payment.getPayment() != null)
                        .map(payment -> payment.getPayment().getPaymentIntent())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable String subscriptionOf(Invoice invoice) {
        Invoice.Parent parent = invoice.getParent();
        if (parent != null && parent.getSubscriptionDetails() != null) {
            return parent.getSubscriptionDetails().getSubscription();
        }
        JsonObject raw = invoice.getRawJsonObject();
        JsonElement older = raw == null ? null : raw.get("subscription");
        return older == null || !older.isJsonPrimitive() ? null : older.getAsString();
    }

    static SubscriptionStatus status(String stripe) {
        return switch (stripe) {
            case "trialing" -> SubscriptionStatus.TRIAL;
            case "incomplete" -> SubscriptionStatus.PENDING;
            case "active" -> SubscriptionStatus.ACTIVE;
            case "past_due" -> SubscriptionStatus.PAST_DUE;
            case "unpaid", "paused" -> SubscriptionStatus.SUSPENDED;
            case "canceled", "incomplete_expired" -> SubscriptionStatus.ENDED;
            default -> throw new IllegalStateException("stripe's subscription status " + stripe + " is not known");
        };
    }

    private static @Nullable CheckoutReference reference(@Nullable Map<String, String> metadata) {
        if (metadata == null || metadata.get(TENANT) == null || metadata.get(CHECKOUT) == null) {
            return null;
        }
        try {
            return new CheckoutReference(TenantId.of(metadata.get(TENANT)), UUID.fromString(metadata.get(CHECKOUT)));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    private static Instant member(@Nullable JsonObject raw, String name) {
        JsonElement value = raw == null ? null : raw.get(name);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IllegalStateException("stripe's subscription has no " + name);
        }
        return Instant.ofEpochSecond(value.getAsLong());
    }

    private static Instant instant(@Nullable Long epochSecond, Instant fallback) {
        return epochSecond == null ? fallback : Instant.ofEpochSecond(epochSecond);
    }
}
