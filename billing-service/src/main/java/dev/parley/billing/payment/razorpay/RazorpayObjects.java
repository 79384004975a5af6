package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderRefund;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Turns Razorpay's objects into ours. */
final class RazorpayObjects {
    /** The names under which our ids are kept in notes. */
    static final String TENANT = "parley_tenant_id";

    static final String CHECKOUT = "parley_checkout_id";
    static final String PLAN = "parley_plan";

    /** How the description of an item of overage ends: with the charge that it is for. */
    private static final Pattern OVERAGE =
            Pattern.compile(".*\\bparley-overage ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$");

    private RazorpayObjects() {}

    /**
     * A subscription as the checkout that it begins with: whoever authorised it is its customer.
     *
     * @param url where to pay
     */
    static ProviderCheckout checkout(JsonNode subscription, String url) {
        boolean authorised = subscription.path("customer_id").isTextual();
        String id = subscription.path("id").asText();
        ProviderCheckout.State state =
                switch (subscription.path("status").asText()) {
                    case "created" -> ProviderCheckout.State.OPEN;
                    case "expired", "cancelled" ->
                        authorised ? ProviderCheckout.State.COMPLETED : ProviderCheckout.State.EXPIRED;
                    default -> ProviderCheckout.State.COMPLETED;
                };
        boolean completed = state == ProviderCheckout.State.COMPLETED;
        return new ProviderCheckout(
                id,
                state,
                state == ProviderCheckout.State.OPEN ? url : null,
                completed ? id : null,
                null,
                reference(subscription));
    }

    /** A payment link as the checkout that it is. */
    static ProviderCheckout checkoutOfLink(JsonNode link) {
        ProviderCheckout.State state =
                switch (link.path("status").asText()) {
                    case "paid" -> ProviderCheckout.State.COMPLETED;
                    case "cancelled", "expired" -> ProviderCheckout.State.EXPIRED;
                    default -> ProviderCheckout.State.OPEN;
                };
        JsonNode paid = link.path("payments").path(0);
        return new ProviderCheckout(
                link.path("id").asText(),
                state,
                state == ProviderCheckout.State.OPEN ? link.path("short_url").asText() : null,
                null,
                state == ProviderCheckout.State.COMPLETED ? text(paid, "payment_id") : null,
                reference(link));
    }

    static ProviderRefund refund(JsonNode refund) {
        ProviderRefund.State state =
                switch (refund.path("status").asText()) {
                    case "processed" -> ProviderRefund.State.SUCCEEDED;
                    case "failed" -> ProviderRefund.State.FAILED;
                    default -> ProviderRefund.State.PENDING;
                };
        return new ProviderRefund(refund.path("id").asText(), state, money(refund, "amount"));
    }

    static ProviderPayment payment(JsonNode payment) {
        return new ProviderPayment(
                payment.path("id").asText(),
                money(payment, "amount"),
                money(payment, "amount_refunded"),
                text(payment, "customer_id"),
                time(payment, "created_at", Instant.EPOCH),
                reference(payment));
    }

    static Money money(JsonNode object, String name) {
        return new Money(object.path(name).asLong(), object.path("currency").asText());
    }

    static ProviderSubscription subscription(
            JsonNode subscription,
            boolean endsWithPeriod,
            @Nullable ProviderInvoice latestInvoice,
            @Nullable PlanReference plan,
            @Nullable PlanReference nextPlan) {
        Instant created = time(subscription, "created_at", Instant.EPOCH);
        SubscriptionStatus status = status(subscription);
        Instant firstCharge = time(subscription, "start_at", created);
        Instant start = time(subscription, "current_start", created);
        Instant end = time(subscription, "current_end", firstCharge);
        return new ProviderSubscription(
                RazorpayProvider.NAME,
                subscription.path("id").asText(),
                text(subscription, "customer_id"),
                status,
                created,
                start,
                end,
                endsWithPeriod && status != SubscriptionStatus.ENDED,
                status == SubscriptionStatus.TRIAL ? firstCharge : null,
                latestInvoice,
                reference(subscription),
                plan,
                nextPlan);
    }

    /** Razorpay's state in ours; what was never paid is pending, whatever was tried. */
    static SubscriptionStatus status(JsonNode subscription) {
        boolean paidOnce = subscription.path("paid_count").asLong() > 0;
        String status = subscription.path("status").asText();
        return switch (status) {
            case "created" -> SubscriptionStatus.PENDING;
            case "authenticated" -> startsLater(subscription) ? SubscriptionStatus.TRIAL : SubscriptionStatus.PENDING;
            case "active" -> SubscriptionStatus.ACTIVE;
            case "pending" -> paidOnce ? SubscriptionStatus.PAST_DUE : SubscriptionStatus.PENDING;
            case "halted", "paused" -> SubscriptionStatus.SUSPENDED;
            case "cancelled", "completed", "expired" -> SubscriptionStatus.ENDED;
            default -> throw new IllegalStateException("razorpay's subscription status " + status + " is not known");
        };
    }

    /** Whether a subscription has ended, however. */
    static boolean isOver(JsonNode subscription) {
        return status(subscription) == SubscriptionStatus.ENDED;
    }

    /** Whether it was made to start later than it was made. */
    private static boolean startsLater(JsonNode subscription) {
        return subscription.path("start_at").asLong()
                > subscription.path("created_at").asLong();
    }

    static ProviderInvoice invoice(JsonNode invoice) {
        Instant issued = time(invoice, "issued_at", time(invoice, "created_at", Instant.EPOCH));
        String status =
                switch (invoice.path("status").asText()) {
                    case "draft" -> "draft";
                    case "issued", "partially_paid" -> "open";
                    case "paid" -> "paid";
                    case "cancelled", "expired", "deleted" -> "void";
                    default ->
                        throw new IllegalStateException("razorpay's invoice status "
                                + invoice.path("status").asText() + " is not known");
                };
        return new ProviderInvoice(
                invoice.path("id").asText(),
                text(invoice, "invoice_number"),
                status,
                kind(invoice),
                money(invoice, "amount"),
                text(invoice, "subscription_id"),
                text(invoice, "payment_id"),
                time(invoice, "billing_start", issued),
                time(invoice, "billing_end", issued),
                issued,
                status.equals("paid") ? time(invoice, "paid_at", issued) : null,
                lines(invoice).flatMap(line -> overages(invoice, line)).toList());
    }

    private static Stream<JsonNode> lines(JsonNode invoice) {
        return StreamSupport.stream(invoice.path("line_items").spliterator(), false);
    }

    private static Stream<ProviderInvoice.OverageLine> overages(JsonNode invoice, JsonNode line) {
        UUID charge = overageOf(line);
        return charge == null
                ? Stream.empty()
                : Stream.of(new ProviderInvoice.OverageLine(
                        charge,
                        line.path("name").asText(),
                        new Money(
                                line.path("amount").asLong(),
                                line.path("currency")
                                        .asText(invoice.path("currency").asText()))));
    }

    /** The charge that an item or a line is for, or null. */
    static @Nullable UUID overageOf(JsonNode item) {
        Matcher named = OVERAGE.matcher(item.path("description").asText(""));
        return named.matches() ? UUID.fromString(named.group(1)) : null;
    }

    /** The item of overage; its description names the charge, because items keep no notes. */
    static Map<String, Object> overageItem(OverageOrder order) {
        return Map.of(
                "name",
                order.description(),
                "description",
                "parley-overage " + order.chargeId(),
                "amount",
                order.amount().amount(),
                "currency",
                order.amount().currency());
    }

    /** What an invoice of a subscription charges: its cycles are lines of the plan, a change within one is another. */
    private static ProviderInvoice.Kind kind(JsonNode invoice) {
        if (text(invoice, "subscription_id") == null) {
            return ProviderInvoice.Kind.OTHER;
        }
        Optional<JsonNode> line =
                lines(invoice).filter(each -> overageOf(each) == null).findFirst();
        if (line.isEmpty() && !invoice.path("line_items").isEmpty()) {
            return ProviderInvoice.Kind.OTHER;
        }
        return line.map(each -> each.path("type").asText("plan")).orElse("plan").equals("plan")
                ? ProviderInvoice.Kind.PERIOD
                : ProviderInvoice.Kind.CHANGE;
    }

    /** Our names in an object's notes, or null; empty notes are a list at Razorpay. */
    static @Nullable CheckoutReference reference(JsonNode object) {
        JsonNode notes = object.path("notes");
        if (!notes.path(TENANT).isTextual() || !notes.path(CHECKOUT).isTextual()) {
            return null;
        }
        try {
            return new CheckoutReference(
                    TenantId.of(notes.path(TENANT).asText()),
                    UUID.fromString(notes.path(CHECKOUT).asText()));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** Our names as they are kept in notes. */
    static Map<String, Object> notes(CheckoutOrder order) {
        Map<String, Object> notes = new TreeMap<>(Map.of(
                TENANT, order.tenant().toString(), CHECKOUT, order.checkoutId().toString()));
        if (order.clockId() != null) {
            notes.put(RazorpayClocks.NOTE, order.clockId());
        }
        return notes;
    }

    static @Nullable String text(JsonNode object, String name) {
        return object.path(name).isTextual() ? object.path(name).asText() : null;
    }

    static Instant time(JsonNode object, String name, Instant otherwise) {
        return object.path(name).isNumber()
                ? Instant.ofEpochSecond(object.path(name).asLong())
                : otherwise;
    }
}
