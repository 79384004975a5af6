package dev.parley.billing.payment.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns Stripe's objects into ours. */
final class StripeObjects {
    /** The names under which our ids are kept in metadata. */
    static final String TENANT = "parley_tenant_id";

    static final String CHECKOUT = "parley_checkout_id";

    private StripeObjects() {}

    static ProviderCheckout checkout(Session session) {
        ProviderCheckout.State state =
                switch (String.valueOf(session.getStatus())) {
                    case "complete" -> ProviderCheckout.State.COMPLETED;
                    case "expired" -> ProviderCheckout.State.EXPIRED;
                    default -> ProviderCheckout.State.OPEN;
                };
        return new ProviderCheckout(
                session.getId(), state, session.getUrl(), session.getSubscription(), reference(session.getMetadata()));
    }

    static ProviderSubscription subscription(Subscription subscription, @Nullable ProviderInvoice latestInvoice) {
        List<SubscriptionItem> items = subscription.getItems() == null
                ? List.of()
                : subscription.getItems().getData();
        // The period belongs to the items; API versions before 2025 keep it on the subscription itself.
        Long start = items.isEmpty() ? null : items.getFirst().getCurrentPeriodStart();
        Long end = items.isEmpty() ? null : items.getFirst().getCurrentPeriodEnd();
        JsonObject raw = subscription.getRawJsonObject();
        return new ProviderSubscription(
                StripeProvider.NAME,
                subscription.getId(),
                subscription.getCustomer(),
                status(String.valueOf(subscription.getStatus())),
                instant(subscription.getCreated(), Instant.EPOCH),
                start == null ? member(raw, "current_period_start") : Instant.ofEpochSecond(start),
                end == null ? member(raw, "current_period_end") : Instant.ofEpochSecond(end),
                Boolean.TRUE.equals(subscription.getCancelAtPeriodEnd()),
                subscription.getTrialEnd() == null ? null : Instant.ofEpochSecond(subscription.getTrialEnd()),
                latestInvoice,
                reference(subscription.getMetadata()));
    }

    static ProviderInvoice invoice(Invoice invoice) {
        // The invoice's own period is the time before it for renewals; its line says what was paid for.
        InvoiceLineItem.Period line = invoice.getLines() == null
                ? null
                : invoice.getLines().getData().stream()
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
                new Money(
                        invoice.getTotal() == null ? 0 : invoice.getTotal(),
                        String.valueOf(invoice.getCurrency()).toUpperCase(Locale.ROOT)),
                subscriptionOf(invoice),
                line == null ? instant(invoice.getPeriodStart(), issued) : Instant.ofEpochSecond(line.getStart()),
                line == null ? instant(invoice.getPeriodEnd(), issued) : Instant.ofEpochSecond(line.getEnd()),
                issued,
                paid ? paidAt : null);
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
