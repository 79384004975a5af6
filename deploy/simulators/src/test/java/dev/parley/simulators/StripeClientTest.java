package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.exception.ApiException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.Event;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceItem;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import com.stripe.model.testhelpers.TestClock;
import com.stripe.net.RequestOptions;
import com.stripe.net.Webhook;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.EventListParams;
import com.stripe.param.InvoiceCreateParams;
import com.stripe.param.InvoiceCreatePreviewParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceItemListParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionCreateParams.LineItem;
import com.stripe.param.checkout.SessionCreateParams.LineItem.PriceData;
import com.stripe.param.checkout.SessionRetrieveParams;
import com.stripe.param.testhelpers.TestClockAdvanceParams;
import com.stripe.param.testhelpers.TestClockCreateParams;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stripe's own Java client as the judge of the simulated API, page and webhooks. */
class StripeClientTest {

    private static final String SECRET = "whsec_parley_local";
    private static final World WORLD = new World();
    private static final StripeClient CLIENT = client("sk_test_parley");

    private static StripeClient client(String key) {
        return StripeClient.builder()
                .setApiKey(key)
                .setApiBase(WORLD.url() + "/stripe")
                .setMaxNetworkRetries(0)
                .build();
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
    }

    private static LineItem line(String name, long amount, boolean monthly) {
        PriceData.Builder price = PriceData.builder()
                .setCurrency("inr")
                .setUnitAmount(amount)
                .setProductData(PriceData.ProductData.builder().setName(name).build());
        if (monthly) {
            price.setRecurring(PriceData.Recurring.builder()
                    .setInterval(PriceData.Recurring.Interval.MONTH)
                    .build());
        }
        return LineItem.builder().setQuantity(1L).setPriceData(price.build()).build();
    }

    private static SessionCreateParams.Builder starter() {
        return SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                .setSuccessUrl("http://127.0.0.1:9/done?id={CHECKOUT_SESSION_ID}")
                .setCancelUrl("http://127.0.0.1:9/left")
                .setClientReferenceId("tenant-1")
                .putMetadata("plan", "starter")
                .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                        .putMetadata("tenant_id", "tenant-1")
                        .build())
                .addLineItem(line("Starter", 499_900, true));
    }

    private static Session bought() throws StripeException {
        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .create(starter().setCustomerEmail("ana@example.com").build());
        assertThat(pay(session).statusCode()).isEqualTo(303);
        return CLIENT.v1().checkout().sessions().retrieve(session.getId());
    }

    private static HttpResponse<String> pay(Session session) {
        return WORLD.form(session.getUrl(), Map.of("action", "pay", "card", "4242", "email", "ana@example.com"));
    }

    private static Event event(World.Received webhook) throws SignatureVerificationException {
        return Webhook.constructEvent(webhook.body(), webhook.headers().get("stripe-signature"), SECRET);
    }

    @Test
    void subscriptionIsBoughtOnThePageAndCanBeReadBack() throws Exception {
        Customer customer = CLIENT.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("owner@example.com")
                        .putMetadata("tenant_id", "tenant-1")
                        .build());
        Session opened = CLIENT.v1()
                .checkout()
                .sessions()
                .create(starter().setCustomer(customer.getId()).build());
        assertThat(opened.getId()).startsWith("cs_test_");
        assertThat(opened.getStatus()).isEqualTo("open");
        assertThat(opened.getAmountTotal()).isEqualTo(499_900);

        HttpResponse<String> page = WORLD.send("GET", opened.getUrl(), null);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Starter", "INR 4,999.00", "owner@example.com");
        HttpResponse<String> paid = pay(opened);
        assertThat(paid.statusCode()).isEqualTo(303);
        assertThat(paid.headers().firstValue("location")).contains("http://127.0.0.1:9/done?id=" + opened.getId());

        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .retrieve(
                        opened.getId(),
                        SessionRetrieveParams.builder()
                                .addExpand("subscription")
                                .addExpand("invoice.payments")
                                .addExpand("line_items")
                                .build());
        assertThat(session.getStatus()).isEqualTo("complete");
        assertThat(session.getPaymentStatus()).isEqualTo("paid");
        assertThat(session.getClientReferenceId()).isEqualTo("tenant-1");
        assertThat(session.getMetadata()).containsEntry("plan", "starter");
        assertThat(session.getLineItems().getData()).singleElement().satisfies(item -> assertThat(item.getAmountTotal())
                .isEqualTo(499_900));
        Subscription subscription = session.getSubscriptionObject();
        assertThat(subscription.getStatus()).isEqualTo("active");
        assertThat(subscription.getMetadata()).containsEntry("tenant_id", "tenant-1");
        assertThat(subscription.getCustomer()).isEqualTo(customer.getId());
        SubscriptionItem item = subscription.getItems().getData().getFirst();
        assertThat(item.getCurrentPeriodEnd() - item.getCurrentPeriodStart()).isBetween(28 * 86_400L, 31 * 86_400L);
        Invoice invoice = session.getInvoiceObject();
        assertThat(invoice.getStatus()).isEqualTo("paid");
        assertThat(invoice.getAmountPaid()).isEqualTo(499_900);
        assertThat(invoice.getParent().getSubscriptionDetails().getSubscription())
                .isEqualTo(subscription.getId());
        assertThat(invoice.getPayments().getData().getFirst().getPayment().getPaymentIntent())
                .startsWith("pi_");
        assertThat(WORLD.send("GET", invoice.getHostedInvoiceUrl(), null).body())
                .contains(invoice.getNumber());
    }

    @Test
    void purchaseIsAnnouncedBySignedWebhooksThatStripesLibraryAccepts() throws Exception {
        Session session = bought();

        List<World.Received> webhooks = WORLD.awaitReceived(3);
        assertThat(webhooks).extracting(World.Received::path).containsOnly("/webhooks/stripe");
        List<Event> events = List.of(event(webhooks.get(0)), event(webhooks.get(1)), event(webhooks.get(2)));
        assertThat(events)
                .extracting(Event::getType)
                .containsExactly("checkout.session.completed", "customer.subscription.created", "invoice.paid");
        Session sent = (Session)
                events.getFirst().getDataObjectDeserializer().getObject().orElseThrow();
        assertThat(sent.getSubscription()).isEqualTo(session.getSubscription());
        Invoice invoice = (Invoice)
                events.getLast().getDataObjectDeserializer().getObject().orElseThrow();
        assertThat(invoice.getId()).isEqualTo(session.getInvoice());
        assertThatThrownBy(() -> Webhook.constructEvent(
                        webhooks.getFirst().body() + " ",
                        webhooks.getFirst().headers().get("stripe-signature"),
                        SECRET))
                .isInstanceOf(SignatureVerificationException.class);
        World.await(() -> pendingWebhooks(events.getFirst().getId()) == 0);
    }

    private static long pendingWebhooks(String eventId) {
        try {
            return CLIENT.v1().events().retrieve(eventId).getPendingWebhooks();
        } catch (StripeException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void declinedCardLeavesTheSessionOpen() throws Exception {
        Session session = CLIENT.v1().checkout().sessions().create(starter().build());

        HttpResponse<String> declined =
                WORLD.form(session.getUrl(), Map.of("action", "pay", "card", "declined", "email", "ana@example.com"));

        assertThat(declined.statusCode()).isEqualTo(402);
        assertThat(declined.body()).contains("role=\"alert\"", "Your card was declined");
        assertThat(CLIENT.v1().checkout().sessions().retrieve(session.getId()).getStatus())
                .isEqualTo("open");
    }

    @Test
    void leavingThePageGoesBackToTheShop() throws Exception {
        Session session = CLIENT.v1().checkout().sessions().create(starter().build());

        HttpResponse<String> left = WORLD.form(session.getUrl(), Map.of("action", "cancel", "email", ""));

        assertThat(left.statusCode()).isEqualTo(303);
        assertThat(left.headers().firstValue("location")).contains("http://127.0.0.1:9/left");
        assertThat(CLIENT.v1().checkout().sessions().retrieve(session.getId()).getStatus())
                .isEqualTo("open");
    }

    @Test
    void payingTwiceBuysOnce() throws Exception {
        Session session = bought();

        HttpResponse<String> again =
                WORLD.form("/stripe/checkout/pay/" + session.getId(), Map.of("action", "pay", "email", "a@b.c"));

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("Already paid");
        assertThat(CLIENT.v1()
                        .invoices()
                        .list(InvoiceListParams.builder()
                                .setCustomer(session.getCustomer())
                                .build())
                        .getData())
                .hasSize(1);
    }

    @Test
    void textOnThePageIsEscaped() throws Exception {
        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.PAYMENT)
                        .setSuccessUrl("http://127.0.0.1:9/done")
                        .addLineItem(line("<img src=x onerror=alert(1)>", 100, false))
                        .build());

        assertThat(WORLD.send("GET", session.getUrl(), null).body())
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img");
    }

    @Test
    void oneTimePaymentCanBeRefundedUpToItsAmount() throws Exception {
        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.PAYMENT)
                        .setSuccessUrl("http://127.0.0.1:9/done")
                        .addLineItem(line("Credits", 10_000, false))
                        .build());
        pay(session);
        String intent =
                CLIENT.v1().checkout().sessions().retrieve(session.getId()).getPaymentIntent();

        assertThat(CLIENT.v1().paymentIntents().retrieve(intent).getAmountReceived())
                .isEqualTo(10_000);
        assertThat(CLIENT.v1()
                        .refunds()
                        .create(RefundCreateParams.builder()
                                .setPaymentIntent(intent)
                                .setAmount(4_000L)
                                .build())
                        .getStatus())
                .isEqualTo("succeeded");
        assertThatThrownBy(() -> CLIENT.v1()
                        .refunds()
                        .create(RefundCreateParams.builder()
                                .setPaymentIntent(intent)
                                .setAmount(6_001L)
                                .build()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void sameIdempotencyKeyReplaysAndRefusesOtherParameters() throws Exception {
        RequestOptions key =
                RequestOptions.builder().setIdempotencyKey("intent-1").build();
        CustomerCreateParams ana =
                CustomerCreateParams.builder().setEmail("ana@example.com").build();
        CustomerCreateParams bob =
                CustomerCreateParams.builder().setEmail("bob@example.com").build();

        Customer first = CLIENT.v1().customers().create(ana, key);
        Customer replayed = CLIENT.v1().customers().create(ana, key);

        assertThat(replayed.getId()).isEqualTo(first.getId());
        assertThat(replayed.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThatThrownBy(() -> CLIENT.v1().customers().create(bob, key))
                .isInstanceOfSatisfying(IdempotencyException.class, refused -> assertThat(refused.getStatusCode())
                        .isEqualTo(400));
    }

    @Test
    void answerLostAfterTheEffectIsFoundAgainByTheKey() throws Exception {
        WORLD.control("PUT", "/faults/stripe", "{\"status\":500,\"after\":true,\"times\":1,\"path\":\"customers\"}");
        RequestOptions key =
                RequestOptions.builder().setIdempotencyKey("intent-2").build();
        CustomerCreateParams params =
                CustomerCreateParams.builder().setEmail("lost@example.com").build();

        assertThatThrownBy(() -> CLIENT.v1().customers().create(params, key)).isInstanceOf(ApiException.class);
        Customer found = CLIENT.v1().customers().create(params, key);

        assertThat(found.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThat(CLIENT.v1()
                        .customers()
                        .list(com.stripe.param.CustomerListParams.builder()
                                .setEmail("lost@example.com")
                                .build())
                        .getData())
                .extracting(Customer::getId)
                .containsExactly(found.getId());
    }

    @Test
    void errorsAreStripes() {
        assertThatThrownBy(() -> CLIENT.v1().customers().retrieve("cus_nobody"))
                .isInstanceOfSatisfying(InvalidRequestException.class, missing -> {
                    assertThat(missing.getStatusCode()).isEqualTo(404);
                    assertThat(missing.getCode()).isEqualTo("resource_missing");
                    assertThat(missing.getRequestId()).startsWith("req_");
                });
        assertThatThrownBy(() -> client("sk_live_no").v1().customers().retrieve("cus_nobody"))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> CLIENT.v1()
                        .checkout()
                        .sessions()
                        .create(SessionCreateParams.builder()
                                .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                                .setSuccessUrl("http://127.0.0.1:9/done")
                                .addLineItem(line("Once", 100, false))
                                .build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("at least one recurring price");
        assertThatThrownBy(() -> CLIENT.v1()
                        .customers()
                        .create(CustomerCreateParams.builder()
                                .putExtraParam("colour", "blue")
                                .build()))
                .isInstanceOfSatisfying(InvalidRequestException.class, unknown -> assertThat(unknown.getCode())
                        .isEqualTo("parameter_unknown"));
        WORLD.control("PUT", "/faults/stripe", "{\"status\":429}");
        assertThatThrownBy(() -> CLIENT.v1().customers().retrieve("cus_nobody")).isInstanceOf(RateLimitException.class);
    }

    @Test
    void subscriptionIsCancelledAtItsPeriodEndOrNow() throws Exception {
        String id = bought().getSubscription();

        Subscription ending = CLIENT.v1()
                .subscriptions()
                .update(
                        id,
                        SubscriptionUpdateParams.builder()
                                .setCancelAtPeriodEnd(true)
                                .build());
        assertThat(ending.getCancelAtPeriodEnd()).isTrue();
        assertThat(ending.getCancelAt())
                .isEqualTo(ending.getItems().getData().getFirst().getCurrentPeriodEnd());
        Subscription kept = CLIENT.v1()
                .subscriptions()
                .update(
                        id,
                        SubscriptionUpdateParams.builder()
                                .setCancelAtPeriodEnd(false)
                                .build());
        assertThat(kept.getCancelAt()).isNull();
        assertThat(CLIENT.v1().subscriptions().cancel(id).getStatus()).isEqualTo("canceled");

        assertThatThrownBy(() -> CLIENT.v1().subscriptions().cancel(id)).isInstanceOf(InvalidRequestException.class);
        assertThat(WORLD.awaitReceived(6))
                .extracting(webhook -> webhook.json().getString("type"))
                .endsWith(
                        "customer.subscription.updated",
                        "customer.subscription.updated",
                        "customer.subscription.deleted");
    }

    @Test
    void changeOfPlanInvoicesTheDifferenceAtOnce() throws Exception {
        Subscription before = CLIENT.v1().subscriptions().retrieve(bought().getSubscription());

        Subscription after = CLIENT.v1()
                .subscriptions()
                .update(
                        before.getId(),
                        SubscriptionUpdateParams.builder()
                                .setProrationBehavior(SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE)
                                .addItem(SubscriptionUpdateParams.Item.builder()
                                        .setId(before.getItems()
                                                .getData()
                                                .getFirst()
                                                .getId())
                                        .setPriceData(SubscriptionUpdateParams.Item.PriceData.builder()
                                                .setCurrency("inr")
                                                .setProduct(before.getItems()
                                                        .getData()
                                                        .getFirst()
                                                        .getPrice()
                                                        .getProduct())
                                                .setUnitAmount(999_900L)
                                                .setRecurring(
                                                        SubscriptionUpdateParams.Item.PriceData.Recurring.builder()
                                                                .setInterval(
                                                                        SubscriptionUpdateParams.Item.PriceData
                                                                                .Recurring.Interval.MONTH)
                                                                .build())
                                                .build())
                                        .build())
                                .build());

        assertThat(after.getItems().getData().getFirst().getPrice().getUnitAmount())
                .isEqualTo(999_900);
        Invoice invoice = CLIENT.v1().invoices().retrieve(after.getLatestInvoice());
        assertThat(invoice.getBillingReason()).isEqualTo("subscription_update");
        assertThat(invoice.getAmountPaid()).isBetween(499_990L, 500_000L);
        assertThat(invoice.getLines().getData()).hasSize(2);
    }

    @Test
    void failedRenewalIsPastDueUntilTheInvoiceIsPaid() throws Exception {
        String id = bought().getSubscription();

        WORLD.control("POST", "/stripe/subscriptions/" + id + "/renewal", "{\"outcome\":\"failed\"}");
        Subscription due = CLIENT.v1().subscriptions().retrieve(id);
        assertThat(due.getStatus()).isEqualTo("past_due");
        Invoice invoice = CLIENT.v1().invoices().retrieve(due.getLatestInvoice());
        assertThat(invoice.getStatus()).isEqualTo("open");
        assertThat(invoice.getNextPaymentAttempt()).isNotNull();
        CLIENT.v1().invoices().pay(invoice.getId());

        assertThat(CLIENT.v1().subscriptions().retrieve(id).getStatus()).isEqualTo("active");
        assertThat(WORLD.awaitReceived(7))
                .extracting(webhook -> webhook.json().getString("type"))
                .endsWith(
                        "customer.subscription.updated",
                        "invoice.payment_failed",
                        "customer.subscription.updated",
                        "invoice.paid");
    }

    @Test
    void trialStartsWithoutPayment() throws Exception {
        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .create(starter()
                        .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                                .setTrialPeriodDays(14L)
                                .build())
                        .build());
        pay(session);

        Session done = CLIENT.v1().checkout().sessions().retrieve(session.getId());
        assertThat(done.getPaymentStatus()).isEqualTo("no_payment_required");
        Subscription trial = CLIENT.v1().subscriptions().retrieve(done.getSubscription());
        assertThat(trial.getStatus()).isEqualTo("trialing");
        assertThat(trial.getTrialEnd() - trial.getTrialStart()).isEqualTo(14 * 86_400);
    }

    @Test
    void eventsCanBePagedThroughByType() throws Exception {
        bought();
        bought();

        List<Event> events = Stream.of(CLIENT.v1()
                        .events()
                        .list(EventListParams.builder()
                                .setLimit(1L)
                                .setType("invoice.paid")
                                .build()))
                .flatMap(page -> {
                    List<Event> all = new java.util.ArrayList<>();
                    page.autoPagingIterable().forEach(all::add);
                    return all.stream();
                })
                .toList();

        assertThat(events)
                .hasSizeGreaterThanOrEqualTo(2)
                .extracting(Event::getType)
                .containsOnly("invoice.paid");
        assertThat(events).extracting(Event::getId).doesNotHaveDuplicates();
    }

    @Test
    void refusedWebhookIsSentAgainUntilItIsAccepted() throws Exception {
        WORLD.answerWith(500, 302);

        JsonObject sent = WORLD.control(
                "POST", "/stripe/events", "{\"type\":\"invoice.paid\",\"data\":{\"id\":\"in_1\"},\"retry\":true}");

        assertThat(sent.getInteger("status")).isEqualTo(500);
        List<World.Received> webhooks = WORLD.awaitReceived(3);
        assertThat(webhooks)
                .extracting(webhook -> webhook.json().getString("id"))
                .containsOnly(sent.getString("id"));
        event(webhooks.getLast());
    }

    @Test
    void webhooksCanBeDuplicatedReorderedAndDropped() throws Exception {
        WORLD.control("PUT", "/faults/stripe-webhooks", "{\"duplicate\":1,\"times\":3}");
        bought();
        assertThat(WORLD.awaitReceived(6))
                .extracting(webhook -> webhook.json().getString("id"))
                .satisfies(ids -> assertThat(ids.stream().distinct()).hasSize(3));

        WORLD.reset();
        WORLD.control("PUT", "/faults/stripe-webhooks", "{\"reorder\":true}");
        bought();
        assertThat(WORLD.awaitReceived(3))
                .extracting(webhook -> webhook.json().getString("type"))
                .containsExactly("invoice.paid", "customer.subscription.created", "checkout.session.completed");

        WORLD.reset();
        WORLD.control("PUT", "/faults/stripe-webhooks", "{\"drop\":2}");
        bought();
        assertThat(WORLD.awaitReceived(1))
                .extracting(webhook -> webhook.json().getString("type"))
                .containsExactly("invoice.paid");
        String dropped = WORLD.control("GET", "/webhooks/stripe", null).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(delivery -> delivery.getString("outcome").equals("dropped"))
                .findFirst()
                .orElseThrow()
                .getString("id");
        assertThat(WORLD.control("POST", "/stripe/events/" + dropped + "/resend", null)
                        .getInteger("status"))
                .isEqualTo(200);
        assertThat(WORLD.received().getLast().json().getString("id")).isEqualTo(dropped);
    }

    @Test
    void staleAndForgedEventsCanBeSent() {
        WORLD.control(
                "POST",
                "/stripe/events",
                "{\"type\":\"invoice.paid\",\"data\":{\"id\":\"in_1\"},\"signed_seconds_ago\":301}");
        WORLD.control(
                "POST",
                "/stripe/events",
                "{\"type\":\"invoice.paid\",\"data\":{\"id\":\"in_1\"},\"secret\":\"whsec_other\"}");

        assertThat(WORLD.awaitReceived(2)).allSatisfy(webhook -> assertThatThrownBy(() -> event(webhook))
                .isInstanceOf(SignatureVerificationException.class));
    }

    private static Customer onClock(TestClock clock) throws StripeException {
        return CLIENT.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("clock@example.com")
                        .setTestClock(clock.getId())
                        .build());
    }

    private static TestClock clock(long time) throws StripeException {
        return CLIENT.v1()
                .testHelpers()
                .testClocks()
                .create(TestClockCreateParams.builder()
                        .setFrozenTime(time)
                        .setName("year")
                        .build());
    }

    private static void advance(TestClock clock, long to) throws StripeException {
        TestClock moved = CLIENT.v1()
                .testHelpers()
                .testClocks()
                .advance(
                        clock.getId(),
                        TestClockAdvanceParams.builder().setFrozenTime(to).build());
        assertThat(moved.getFrozenTime()).isEqualTo(to);
        assertThat(moved.getStatus()).isEqualTo("ready");
    }

    private static Subscription boughtOn(TestClock clock) throws StripeException {
        Session session = CLIENT.v1()
                .checkout()
                .sessions()
                .create(starter().setCustomer(onClock(clock).getId()).build());
        pay(session);
        return CLIENT.v1()
                .subscriptions()
                .retrieve(CLIENT.v1()
                        .checkout()
                        .sessions()
                        .retrieve(session.getId())
                        .getSubscription());
    }

    private static long periodEnd(String subscription) throws StripeException {
        return CLIENT.v1()
                .subscriptions()
                .retrieve(subscription)
                .getItems()
                .getData()
                .getFirst()
                .getCurrentPeriodEnd();
    }

    @Test
    void subscriptionOnATestClockLivesByIt() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription subscription = boughtOn(clock);
        assertThat(subscription.getCreated()).isEqualTo(1_900_000_000L);
        assertThat(subscription.getTestClock()).isEqualTo(clock.getId());

        for (int month = 0; month < 12; month++) {
            long end = periodEnd(subscription.getId());
            advance(clock, end + 3_600);
            assertThat(periodEnd(subscription.getId())).isGreaterThan(end);
        }

        List<Invoice> invoices = CLIENT.v1()
                .invoices()
                .list(InvoiceListParams.builder()
                        .setSubscription(subscription.getId())
                        .setLimit(50L)
                        .build())
                .getData();
        assertThat(invoices).hasSize(13).allSatisfy(invoice -> {
            assertThat(invoice.getStatus()).isEqualTo("paid");
            assertThat(invoice.getAmountPaid()).isEqualTo(499_900);
        });
        assertThatThrownBy(() -> advance(clock, 1_900_000_000L)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> advance(clock, periodEnd(subscription.getId()) + 90 * 86_400))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("two intervals");
    }

    private static void card(Subscription subscription, String testCard) throws StripeException {
        PaymentMethod method = CLIENT.v1()
                .paymentMethods()
                .attach(
                        testCard,
                        PaymentMethodAttachParams.builder()
                                .setCustomer(subscription.getCustomer())
                                .build());
        CLIENT.v1()
                .subscriptions()
                .update(
                        subscription.getId(),
                        SubscriptionUpdateParams.builder()
                                .setDefaultPaymentMethod(method.getId())
                                .build());
    }

    @Test
    void declinedRenewalIsTriedAgainThenUnpaidThenPaid() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription subscription = boughtOn(clock);
        String id = subscription.getId();
        card(subscription, "pm_card_chargeCustomerFail");
        long end = periodEnd(id);

        advance(clock, end + 3_600);
        Subscription due = CLIENT.v1().subscriptions().retrieve(id);
        assertThat(due.getStatus()).isEqualTo("past_due");
        Invoice invoice = CLIENT.v1().invoices().retrieve(due.getLatestInvoice());
        assertThat(invoice.getAttemptCount()).isEqualTo(1);
        assertThat(invoice.getNextPaymentAttempt()).isEqualTo(end + 3 * 86_400);
        advance(clock, end + 10 * 86_400);
        assertThat(CLIENT.v1().invoices().retrieve(invoice.getId()).getAttemptCount())
                .isEqualTo(4);
        assertThat(CLIENT.v1().subscriptions().retrieve(id).getStatus()).isEqualTo("unpaid");
        assertThatThrownBy(() -> CLIENT.v1().invoices().pay(invoice.getId())).isInstanceOf(CardException.class);

        card(subscription, "pm_card_visa");
        CLIENT.v1().invoices().pay(invoice.getId());

        assertThat(CLIENT.v1().subscriptions().retrieve(id).getStatus()).isEqualTo("active");
    }

    @Test
    void cardThatIsRetriedAndAcceptedMakesItActiveAgain() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription subscription = boughtOn(clock);
        card(subscription, "pm_card_chargeCustomerFail");
        long end = periodEnd(subscription.getId());
        advance(clock, end + 3_600);
        card(subscription, "pm_card_visa");

        advance(clock, end + 4 * 86_400);

        assertThat(CLIENT.v1().subscriptions().retrieve(subscription.getId()).getStatus())
                .isEqualTo("active");
    }

    @Test
    void changeWithACardThatIsDeclinedLeavesThePlanAsItWas() throws Exception {
        Subscription before = CLIENT.v1().subscriptions().retrieve(bought().getSubscription());
        card(before, "pm_card_chargeCustomerFail");
        SubscriptionUpdateParams dearer = SubscriptionUpdateParams.builder()
                .setProrationBehavior(SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE)
                .setPaymentBehavior(SubscriptionUpdateParams.PaymentBehavior.ERROR_IF_INCOMPLETE)
                .addItem(dearer(before))
                .putMetadata("plan", "pro")
                .build();

        assertThatThrownBy(() -> CLIENT.v1().subscriptions().update(before.getId(), dearer))
                .isInstanceOfSatisfying(CardException.class, declined -> assertThat(declined.getCode())
                        .isEqualTo("card_declined"));

        Subscription after = CLIENT.v1().subscriptions().retrieve(before.getId());
        assertThat(after.getItems().getData().getFirst().getPrice().getUnitAmount())
                .isEqualTo(499_900);
        assertThat(after.getLatestInvoice()).isEqualTo(before.getLatestInvoice());
        assertThat(after.getMetadata()).doesNotContainKey("plan");
    }

    private static SubscriptionUpdateParams.Item dearer(Subscription subscription) {
        SubscriptionItem item = subscription.getItems().getData().getFirst();
        return SubscriptionUpdateParams.Item.builder()
                .setId(item.getId())
                .setPriceData(SubscriptionUpdateParams.Item.PriceData.builder()
                        .setCurrency("inr")
                        .setProduct(item.getPrice().getProduct())
                        .setUnitAmount(999_900L)
                        .setRecurring(SubscriptionUpdateParams.Item.PriceData.Recurring.builder()
                                .setInterval(SubscriptionUpdateParams.Item.PriceData.Recurring.Interval.MONTH)
                                .build())
                        .build())
                .build();
    }

    @Test
    void previewIsWhatTheChangeThenCharges() throws Exception {
        Subscription before = CLIENT.v1().subscriptions().retrieve(bought().getSubscription());
        SubscriptionItem item = before.getItems().getData().getFirst();
        long middle = (item.getCurrentPeriodStart() + item.getCurrentPeriodEnd()) / 2;

        Invoice preview = CLIENT.v1()
                .invoices()
                .createPreview(InvoiceCreatePreviewParams.builder()
                        .setSubscription(before.getId())
                        .setSubscriptionDetails(InvoiceCreatePreviewParams.SubscriptionDetails.builder()
                                .setProrationBehavior(
                                        InvoiceCreatePreviewParams.SubscriptionDetails.ProrationBehavior.ALWAYS_INVOICE)
                                .setProrationDate(middle)
                                .addItem(InvoiceCreatePreviewParams.SubscriptionDetails.Item.builder()
                                        .setId(item.getId())
                                        .setPriceData(
                                                InvoiceCreatePreviewParams.SubscriptionDetails.Item.PriceData.builder()
                                                        .setCurrency("inr")
                                                        .setProduct(
                                                                item.getPrice().getProduct())
                                                        .setUnitAmount(999_900L)
                                                        .setRecurring(
                                                                InvoiceCreatePreviewParams.SubscriptionDetails.Item
                                                                        .PriceData.Recurring.builder()
                                                                        .setInterval(
                                                                                InvoiceCreatePreviewParams
                                                                                        .SubscriptionDetails.Item
                                                                                        .PriceData.Recurring.Interval
                                                                                        .MONTH)
                                                                        .build())
                                                        .build())
                                        .build())
                                .build())
                        .build());
        assertThat(preview.getTotal()).isBetween(249_999L, 250_001L);
        assertThat(CLIENT.v1().subscriptions().retrieve(before.getId()).getLatestInvoice())
                .isEqualTo(before.getLatestInvoice());

        Subscription after = CLIENT.v1()
                .subscriptions()
                .update(
                        before.getId(),
                        SubscriptionUpdateParams.builder()
                                .setProrationBehavior(SubscriptionUpdateParams.ProrationBehavior.ALWAYS_INVOICE)
                                .setProrationDate(middle)
                                .addItem(dearer(before))
                                .build());
        assertThat(CLIENT.v1().invoices().retrieve(after.getLatestInvoice()).getAmountPaid())
                .isEqualTo(preview.getTotal());
    }

    @Test
    void changeWithoutProrationIsChargedWithTheNextPeriod() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription before = boughtOn(clock);
        CLIENT.v1()
                .subscriptions()
                .update(
                        before.getId(),
                        SubscriptionUpdateParams.builder()
                                .setProrationBehavior(SubscriptionUpdateParams.ProrationBehavior.NONE)
                                .addItem(dearer(before))
                                .build());
        assertThat(CLIENT.v1().subscriptions().retrieve(before.getId()).getLatestInvoice())
                .isEqualTo(before.getLatestInvoice());

        advance(clock, periodEnd(before.getId()) + 60);

        Subscription after = CLIENT.v1().subscriptions().retrieve(before.getId());
        assertThat(CLIENT.v1().invoices().retrieve(after.getLatestInvoice()).getAmountPaid())
                .isEqualTo(999_900);
    }

    @Test
    void paymentIntentsSucceedOrAreDeclinedByTheirCard() throws Exception {
        PaymentIntentCreateParams.Builder params = PaymentIntentCreateParams.builder()
                .setAmount(5_000L)
                .setCurrency("inr")
                .setConfirm(true);

        assertThat(CLIENT.v1()
                        .paymentIntents()
                        .create(params.setPaymentMethod("pm_card_visa").build())
                        .getStatus())
                .isEqualTo("succeeded");
        assertThatThrownBy(() -> CLIENT.v1()
                        .paymentIntents()
                        .create(params.setPaymentMethod("pm_card_chargeDeclined")
                                .build()))
                .isInstanceOfSatisfying(CardException.class, declined -> assertThat(declined.getDeclineCode())
                        .isEqualTo("generic_decline"));
        assertThatThrownBy(() -> CLIENT.v1()
                        .paymentMethods()
                        .attach(
                                "pm_card_chargeDeclined",
                                PaymentMethodAttachParams.builder()
                                        .setCustomer(
                                                CLIENT.v1().customers().create().getId())
                                        .build()))
                .isInstanceOf(CardException.class);
    }

    private static InvoiceItem owed(Subscription subscription, String key) throws StripeException {
        return CLIENT.v1()
                .invoiceItems()
                .create(
                        InvoiceItemCreateParams.builder()
                                .setCustomer(subscription.getCustomer())
                                .setSubscription(subscription.getId())
                                .setAmount(2_400L)
                                .setCurrency("inr")
                                .setDescription("overage: 120 credits")
                                .putMetadata("overage", "one")
                                .build(),
                        RequestOptions.builder().setIdempotencyKey(key).build());
    }

    @Test
    void invoiceItemWaitsForTheNextInvoiceOfItsSubscription() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription subscription = boughtOn(clock);
        InvoiceItem item = owed(subscription, "owed-" + clock.getId());
        assertThat(owed(subscription, "owed-" + clock.getId()).getId()).isEqualTo(item.getId());
        assertThat(item.getInvoice()).isNull();
        InvoiceItem dropped = owed(subscription, "dropped-" + clock.getId());
        assertThat(CLIENT.v1().invoiceItems().delete(dropped.getId()).getDeleted())
                .isTrue();

        advance(clock, periodEnd(subscription.getId()) + 3_600);

        InvoiceItem charged = CLIENT.v1().invoiceItems().retrieve(item.getId());
        Invoice invoice = CLIENT.v1().invoices().retrieve(charged.getInvoice());
        assertThat(invoice.getBillingReason()).isEqualTo("subscription_cycle");
        assertThat(invoice.getStatus()).isEqualTo("paid");
        assertThat(invoice.getTotal()).isEqualTo(499_900 + 2_400);
        assertThat(invoice.getLines().getData().getFirst().getMetadata()).containsEntry("overage", "one");
        assertThat(invoice.getLines().getData().getFirst().getAmount()).isEqualTo(2_400);
        assertThat(CLIENT.v1()
                        .invoiceItems()
                        .list(InvoiceItemListParams.builder()
                                .setCustomer(subscription.getCustomer())
                                .build())
                        .getData())
                .extracting(InvoiceItem::getId)
                .containsExactly(item.getId());
        assertThatThrownBy(() -> CLIENT.v1().invoiceItems().delete(item.getId()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void customerIsChargedByAnInvoiceThatBelongsToNoSubscription() throws Exception {
        TestClock clock = clock(1_900_000_000L);
        Subscription subscription = boughtOn(clock);
        Invoice draft = ownInvoice(subscription, subscription.getDefaultPaymentMethod());
        assertThat(draft.getStatus()).isEqualTo("draft");
        InvoiceItem item = charge(draft);

        Invoice charged = CLIENT.v1().invoices().finalizeInvoice(draft.getId());

        assertThat(item.getInvoice()).isEqualTo(draft.getId());
        assertThat(charged.getStatus()).isEqualTo("paid");
        assertThat(charged.getTotal()).isEqualTo(2_400);
        assertThat(charged.getBillingReason()).isEqualTo("manual");
        assertThat(charged.getParent()).isNull();
        assertThatThrownBy(() -> CLIENT.v1().invoices().finalizeInvoice(draft.getId()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void cardOfASubscriptionDoesNotPayAnInvoiceThatDoesNotNameIt() throws Exception {
        Subscription subscription = boughtOn(clock(1_900_000_000L));
        Invoice draft = ownInvoice(subscription, null);
        charge(draft);

        Invoice finalized = CLIENT.v1().invoices().finalizeInvoice(draft.getId());

        assertThat(finalized.getStatus()).isEqualTo("open");
        assertThat(finalized.getAmountDue()).isEqualTo(2_400);
        assertThat(finalized.getAmountPaid()).isZero();
    }

    /** A draft of the subscription's customer; without a card of its own when that is null. */
    private static Invoice ownInvoice(Subscription subscription, String card) throws StripeException {
        return CLIENT.v1()
                .invoices()
                .create(InvoiceCreateParams.builder()
                        .setCustomer(subscription.getCustomer())
                        .setCurrency("inr")
                        .setDefaultPaymentMethod(card)
                        .setAutoAdvance(true)
                        .build());
    }

    private static InvoiceItem charge(Invoice draft) throws StripeException {
        return CLIENT.v1()
                .invoiceItems()
                .create(InvoiceItemCreateParams.builder()
                        .setCustomer(draft.getCustomer())
                        .setInvoice(draft.getId())
                        .setAmount(2_400L)
                        .setCurrency("inr")
                        .build());
    }
}
