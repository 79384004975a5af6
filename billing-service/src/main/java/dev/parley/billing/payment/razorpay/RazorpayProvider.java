package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderClocks;
import dev.parley.billing.payment.ProviderEvent;
import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderOverage;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderRefund;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.Purchase;
import dev.parley.billing.payment.RefundOrder;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.billing.payment.WebhookRefused;
import dev.parley.billing.payment.WebhookRefused.Reason;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Plan;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Razorpay: subscriptions on its hosted checkout. It has no idempotency keys, so what is created carries our ids in its
 * notes and is looked for before it is created again.
 */
@ApplicationScoped
public class RazorpayProvider implements PaymentProvider {
    static final String NAME = "razorpay";

    private static final Duration PAYABLE = Duration.ofDays(1);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);
    private static final int INVOICES_LOOKED_AT = 100;
    private static final int LONGEST_EVENT_ID = 100;

    private final RazorpayApi api;
    private final RazorpayPlans plans;
    private final RazorpayPlanChanges changes;
    private final RazorpayPacks packs;
    private final RazorpayOverages overages;
    private final RazorpaySignature webhooks;
    private final RazorpaySignature key;
    private final EndingService endings;
    private final RazorpayConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final @Nullable ProviderClocks clocks;

    RazorpayProvider(RazorpayConfig config, EndingService endings, ObjectMapper json, Clock clock) {
        if (config.webhookSecret().equals(config.keySecret())) {
            throw new IllegalStateException("billing.razorpay.webhook-secret (PARLEY_RAZORPAY_WEBHOOK_SECRET) must not"
                    + " be the API key's secret (PARLEY_RAZORPAY_KEY_SECRET)");
        }
        this.config = config;
        this.endings = endings;
        this.json = json;
        this.clock = clock;
        this.api = RazorpayApi.of(config, json);
        this.plans = new RazorpayPlans(api);
        this.changes = new RazorpayPlanChanges(api, plans);
        this.packs = new RazorpayPacks(api);
        this.overages = new RazorpayOverages(api);
        this.webhooks = new RazorpaySignature(
                Stream.concat(Stream.of(config.webhookSecret()), config.previousWebhookSecret().stream())
                        .toList());
        this.key = new RazorpaySignature(List.of(config.keySecret()));
        this.clocks = config.clocksUrl()
                .map(url -> new RazorpayClocks(new RazorpayApi(config, url.toString(), json), this::tellBy))
                .orElse(null);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProviderCheckout createCheckout(CheckoutOrder order) {
        return switch (order.purchase()) {
            case Purchase.OfPlan(Plan plan) -> createCheckout(order, plan);
            case Purchase.OfPack pack -> packs.create(order, clock.instant().plus(PAYABLE));
        };
    }

    private ProviderCheckout createCheckout(CheckoutOrder order, Plan plan) {
        String planId = plans.idOf(plan);
        List<JsonNode> made = madeFor(order, planId);
        if (made.isEmpty()) {
            JsonNode created = api.post("/subscriptions", subscription(order, plan, planId));
            made = new ArrayList<>(madeFor(order, planId));
            if (made.stream().noneMatch(each -> id(each).equals(id(created)))) {
                made.add(created);
            }
        }
        JsonNode kept = made.stream().min(PREFERRED).orElseThrow();
        made.stream().filter(each -> each != kept && isUnpaid(each)).forEach(this::drop);
        RazorpayPage page = new RazorpayPage(id(kept), order.successUrl(), order.cancelUrl());
        return RazorpayObjects.checkout(kept, page.address(publicUrl(), key));
    }

    /** Two requests at the same moment may create two: both then choose the same one, and the other is dropped. */
    private static final Comparator<JsonNode> PREFERRED = Comparator.comparing(RazorpayProvider::isUnpaid)
            .thenComparing(each -> RazorpayObjects.time(each, "created_at", Instant.EPOCH))
            .thenComparing(RazorpayProvider::id);

    private static boolean isUnpaid(JsonNode subscription) {
        return !subscription.path("customer_id").isTextual();
    }

    private void drop(JsonNode subscription) {
        if (subscription.path("status").asText().equals("created")) {
            api.postTo("/subscriptions/" + id(subscription) + "/cancel", Map.of("cancel_at_cycle_end", false));
        }
    }

    private List<JsonNode> madeFor(CheckoutOrder order, String planId) {
        Map<String, String> filter = new HashMap<>(Map.of("plan_id", planId));
        if (order.checkoutId().version() == 7) {
            Instant begun = Instant.ofEpochMilli(order.checkoutId().getMostSignificantBits() >>> 16);
            filter.put("from", Long.toString(begun.minus(CLOCKS_DIFFER).getEpochSecond()));
        }
        List<JsonNode> made = new ArrayList<>();
        api.list("/subscriptions", filter).forEachRemaining(each -> {
            CheckoutReference reference = RazorpayObjects.reference(each);
            if (reference != null && reference.checkoutId().equals(order.checkoutId())) {
                made.add(each);
            }
        });
        return made;
    }

    private Map<String, Object> subscription(CheckoutOrder order, Plan plan, String planId) {
        Map<String, Object> wish = new HashMap<>(Map.of(
                "plan_id",
                planId,
                "total_count",
                cycles(plan),
                "quantity",
                1,
                "customer_notify",
                true,
                "expire_by",
                payableUntil(order).getEpochSecond(),
                "notes",
                RazorpayObjects.notes(order)));
        if (order.firstChargeAt() != null) {
            wish.put("start_at", order.firstChargeAt().getEpochSecond());
        }
        return wish;
    }

    /** A page that outlived the first charge would charge at once what another provider was paid for. */
    private Instant payableUntil(CheckoutOrder order) {
        Instant day = clock.instant().plus(PAYABLE);
        Instant first = order.firstChargeAt();
        return first != null && first.isBefore(day) ? first : day;
    }

    private int cycles(Plan plan) {
        return plan.interval() == BillingInterval.YEAR ? config.years() : 12 * config.years();
    }

    @Override
    public Optional<ProviderCheckout> fetchCheckout(String sessionId) {
        if (sessionId.startsWith(RazorpayPacks.LINK)) {
            return isId(sessionId) ? packs.fetch(sessionId) : Optional.empty();
        }
        return find("subscriptions", sessionId)
                .map(found ->
                        RazorpayObjects.checkout(found, found.path("short_url").asText()));
    }

    @Override
    public Optional<ProviderSubscription> fetchSubscription(String subscriptionId) {
        return find("subscriptions", subscriptionId).map(this::described);
    }

    private ProviderSubscription described(JsonNode subscription) {
        CheckoutReference reference = RazorpayObjects.reference(subscription);
        boolean ends = reference != null
                && endings.find(reference.tenant(), id(subscription)).isPresent();
        return RazorpayObjects.subscription(
                subscription,
                ends,
                latestInvoice(id(subscription)),
                plans.ofOurs(subscription.path("plan_id").asText()).orElse(null),
                changes.next(subscription).orElse(null));
    }

    private @Nullable ProviderInvoice latestInvoice(String subscriptionId) {
        Iterator<JsonNode> invoices = api.list("/invoices", Map.of("subscription_id", subscriptionId));
        ProviderInvoice latest = null;
        for (int looked = 0; looked < INVOICES_LOOKED_AT && invoices.hasNext(); looked++) {
            ProviderInvoice invoice = RazorpayObjects.invoice(invoices.next());
            latest = latest == null || latest.periodStart().isBefore(invoice.periodStart()) ? invoice : latest;
        }
        return latest;
    }

    @Override
    public Optional<ProviderInvoice> fetchInvoice(String invoiceId) {
        return find("invoices", invoiceId).map(RazorpayObjects::invoice);
    }

    @Override
    public void cancelAtPeriodEnd(String subscriptionId, UUID requestId) {
        JsonNode subscription = known(subscriptionId);
        CheckoutReference reference = RazorpayObjects.reference(subscription);
        Instant end = RazorpayObjects.time(
                subscription, "current_end", RazorpayObjects.time(subscription, "start_at", Instant.EPOCH));
        if (reference == null || end.equals(Instant.EPOCH)) {
            throw refused("the subscription has no period, or is not ours");
        }
        Ending ending = endings.wish(reference.tenant(), subscriptionId, end);
        if (endings.isDue(ending)) {
            tell(ending);
        }
    }

    /**
     * Tells Razorpay that a subscription ends with its period, unless that was taken back since. One that is in no period
     * is cancelled when it is over.
     */
    void tell(Ending ending) {
        if (!endings.telling(ending)) {
            return;
        }
        Optional<JsonNode> now = find("subscriptions", ending.subscriptionId());
        if (now.isPresent() && !RazorpayObjects.isOver(now.get())) {
            cancel(ending.subscriptionId(), !endings.isOver(ending));
        }
        endings.told(ending);
    }

    @Override
    public void cancelNow(String subscriptionId, UUID requestId) {
        Optional<JsonNode> now = find("subscriptions", subscriptionId);
        if (now.isPresent() && !RazorpayObjects.isOver(now.get())) {
            cancel(subscriptionId, false);
        }
    }

    private void cancel(String subscriptionId, boolean atCycleEnd) {
        api.postTo("/subscriptions/" + subscriptionId + "/cancel", Map.of("cancel_at_cycle_end", atCycleEnd));
    }

    @Override
    public void resume(String subscriptionId, UUID requestId) {
        JsonNode subscription = known(subscriptionId);
        CheckoutReference reference = RazorpayObjects.reference(subscription);
        if (reference != null && !endings.withdraw(reference.tenant(), subscriptionId)) {
            throw refused("a cancellation cannot be taken back once the end of the period is near");
        }
        if (subscription.path("status").asText().equals("paused")) {
            api.post("/subscriptions/" + subscriptionId + "/resume", Map.of("resume_at", "now"));
        }
    }

    private JsonNode known(String subscriptionId) {
        return find("subscriptions", subscriptionId)
                .orElseThrow(() -> refused("there is no subscription " + subscriptionId));
    }

    @Override
    public Money previewChange(PlanChangeOrder order) {
        return changes.preview(order, known(order.subscriptionId()));
    }

    @Override
    public void changePlan(PlanChangeOrder order) {
        changes.change(order, known(order.subscriptionId()));
    }

    @Override
    public void withdrawChange(String subscriptionId, Plan current, UUID requestId) {
        changes.withdraw(known(subscriptionId));
    }

    @Override
    public ProviderRefund refund(RefundOrder order) {
        if (!isId(order.paymentId())) {
            throw refused("there is no payment " + order.paymentId());
        }
        String name = order.refundId().toString();
        return RazorpayObjects.refund(api.refund(
                order.paymentId(),
                Map.of("amount", order.amount().amount(), "notes", Map.of("parley_refund_id", name)),
                name));
    }

    @Override
    public Optional<ProviderRefund> fetchRefund(String refundId) {
        return find("refunds", refundId).map(RazorpayObjects::refund);
    }

    @Override
    public ProviderOverage chargeOverage(OverageOrder order) {
        return overages.charge(order);
    }

    @Override
    public Optional<ProviderOverage> fetchOverage(String overageId) {
        return isId(overageId) ? overages.fetch(overageId) : Optional.empty();
    }

    @Override
    public Stream<ProviderSubscription> listSubscriptions(Instant since) {
        return list("/subscriptions", since).map(this::described);
    }

    @Override
    public Stream<ProviderInvoice> listInvoices(Instant since) {
        return list("/invoices", since).map(RazorpayObjects::invoice);
    }

    @Override
    public Stream<ProviderPayment> listPayments(Instant since) {
        return list("/payments", since)
                .filter(payment -> payment.path("captured").asBoolean())
                .map(RazorpayObjects::payment);
    }

    private Stream<JsonNode> list(String path, Instant since) {
        Iterator<JsonNode> objects = api.list(path, Map.of("from", Long.toString(since.getEpochSecond())));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(objects, Spliterator.ORDERED), false);
    }

    @Override
    public Optional<ProviderClocks> clocks() {
        return Optional.ofNullable(clocks);
    }

    /** Tells Razorpay now of an ending of which it would have to be told by that time of its tenant. */
    void tellBy(String subscriptionId, Instant at) {
        find("subscriptions", subscriptionId)
                .map(RazorpayObjects::reference)
                .flatMap(reference -> endings.find(reference.tenant(), subscriptionId))
                .filter(ending -> endings.isDue(ending, at))
                .ifPresent(this::tell);
    }

    private static PaymentRefused refused(String why) {
        return new PaymentRefused("razorpay: " + why, new RazorpayAnswer(400, why));
    }

    private Optional<JsonNode> find(String kind, String id) {
        return isId(id) ? api.find("/" + kind + "/" + id) : Optional.empty();
    }

    private static boolean isId(String id) {
        return id.matches("[A-Za-z0-9_]{1,64}");
    }

    private static String id(JsonNode object) {
        return object.path("id").asText();
    }

    @Override
    public ProviderEvent verify(WebhookDelivery delivery) {
        if (!webhooks.isOf(delivery.body(), delivery.headers().get("x-razorpay-signature"))) {
            throw new WebhookRefused(Reason.BAD_SIGNATURE);
        }
        JsonNode event;
        try {
            event = json.readTree(delivery.body());
        } catch (IOException unreadable) {
            throw new WebhookRefused(Reason.UNREADABLE);
        }
        // The id is in a header that nobody signed: replayed under another id, an event only makes us look once more.
        String eventId = delivery.headers().getOrDefault("x-razorpay-event-id", "");
        if (!event.path("entity").asText("").equals("event")
                || eventId.isBlank()
                || eventId.length() > LONGEST_EVENT_ID) {
            throw new WebhookRefused(Reason.UNREADABLE);
        }
        JsonNode payload = event.path("payload");
        Subject subject = Stream.of(
                        new Subject(
                                ObjectKind.SUBSCRIPTION, RazorpayObjects.text(entity(payload, "subscription"), "id")),
                        new Subject(ObjectKind.REFUND, RazorpayObjects.text(entity(payload, "refund"), "id")),
                        new Subject(ObjectKind.CHECKOUT, RazorpayObjects.text(entity(payload, "payment_link"), "id")),
                        new Subject(ObjectKind.INVOICE, RazorpayObjects.text(entity(payload, "invoice"), "id")),
                        new Subject(ObjectKind.INVOICE, RazorpayObjects.text(entity(payload, "payment"), "invoice_id")))
                .filter(each -> each.id() != null)
                .findFirst()
                .orElse(new Subject(ObjectKind.OTHER, null));
        return new ProviderEvent(
                NAME,
                event.path("account_id").asText(""),
                eventId,
                event.path("event").asText("unknown"),
                subject.kind(),
                subject.id());
    }

    /** What an event is about. */
    private record Subject(ObjectKind kind, @Nullable String id) {}

    private static JsonNode entity(JsonNode payload, String name) {
        return payload.path(name).path("entity");
    }

    /** What our page says to Razorpay's: the form's address and its fields; empty when the page is not one of ours. */
    Optional<Map<String, String>> form(RazorpayPage page, String proof) {
        return page.isProven(proof, key)
                ? Optional.of(Map.of(
                        "key_id",
                        config.keyId(),
                        "subscription_id",
                        page.subscriptionId(),
                        "name",
                        "Parley",
                        "callback_url",
                        page.returnAddress(publicUrl(), key),
                        "cancel_url",
                        page.cancelUrl()))
                : Optional.empty();
    }

    /** Where the form is posted to. */
    String formAddress() {
        return api.checkoutAddress();
    }

    /** Whether the answer that a customer's browser brings back says that this page's subscription was authorised. */
    boolean isAuthorised(
            RazorpayPage page,
            @Nullable String paymentId,
            @Nullable String subscriptionId,
            @Nullable String signature) {
        return page.subscriptionId().equals(subscriptionId) && key.isOfCheckout(paymentId, subscriptionId, signature);
    }

    private String publicUrl() {
        String url = config.publicUrl().toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
