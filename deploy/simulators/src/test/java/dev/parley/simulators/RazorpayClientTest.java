package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.razorpay.Addon;
import com.razorpay.Customer;
import com.razorpay.Invoice;
import com.razorpay.Order;
import com.razorpay.Payment;
import com.razorpay.PaymentLink;
import com.razorpay.Plan;
import com.razorpay.RazorpayClient;
import com.razorpay.RazorpayException;
import com.razorpay.Refund;
import com.razorpay.Subscription;
import com.razorpay.Utils;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Field;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Razorpay's own Java client as the judge of the simulated API, pages and webhooks. */
class RazorpayClientTest {

    private static final World WORLD = new World();
    private static RazorpayClient client;

    @BeforeAll
    static void connect() throws Exception {
        client = new RazorpayClient(World.RAZORPAY.keyId(), World.RAZORPAY.keySecret());
        leadTo(WORLD);
    }

    /** The library knows only one address; its requests are led to another at the last moment. */
    private static void leadTo(World world) throws Exception {
        HttpUrl there = HttpUrl.parse(world.url());
        OkHttpClient leading = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    Request asked = chain.request();
                    HttpUrl url = asked.url()
                            .newBuilder()
                            .scheme(there.scheme())
                            .host(there.host())
                            .port(there.port())
                            .encodedPath("/razorpay" + asked.url().encodedPath())
                            .build();
                    return chain.proceed(asked.newBuilder().url(url).build())
                            .newBuilder()
                            .request(asked)
                            .build();
                })
                .build();
        Field http = Class.forName("com.razorpay.ApiUtils").getDeclaredField("client");
        http.setAccessible(true);
        http.set(null, leading);
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
    }

    private static Plan plan(String name, long amount) throws RazorpayException {
        return client.plans.create(new JSONObject()
                .put("period", "monthly")
                .put("interval", 1)
                .put(
                        "item",
                        new JSONObject().put("name", name).put("amount", amount).put("currency", "INR"))
                .put("notes", new JSONObject().put("code", name)));
    }

    private static Subscription opened(String planId) throws RazorpayException {
        return client.subscriptions.create(new JSONObject()
                .put("plan_id", planId)
                .put("total_count", 120)
                .put("customer_notify", false)
                .put("notes", new JSONObject().put("tenant", "tenant-1")));
    }

    private static HttpResponse<String> pay(String url, String... fields) {
        Map<String, String> form = new HashMap<>(Map.of("action", "pay", "email", "ana@example.com"));
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return WORLD.form(url, form);
    }

    private static String bought() throws RazorpayException {
        Subscription subscription = opened(plan("Starter", 499_900).get("id"));
        assertThat(pay(subscription.get("short_url")).statusCode()).isEqualTo(303);
        return subscription.get("id");
    }

    private static JsonObject renewal(String id, String outcome) {
        return WORLD.control("POST", "/razorpay/subscriptions/" + id + "/renewal", "{\"outcome\":\"" + outcome + "\"}");
    }

    private static List<Invoice> invoicesOf(String subscription) throws RazorpayException {
        return client.invoices.fetchAll(new JSONObject().put("subscription_id", subscription));
    }

    private static List<String> events(int count) {
        return WORLD.awaitReceived(count).stream()
                .map(webhook -> webhook.json().getString("event"))
                .toList();
    }

    @Test
    void subscriptionIsAuthorisedOnItsPageAndChargedEachCycle() throws Exception {
        Plan plan = plan("Starter", 499_900);
        assertThat(plan.<String>get("id")).startsWith("plan_").hasSize(19);
        assertThat(((JSONObject) plan.get("item")).getLong("amount")).isEqualTo(499_900);
        Subscription opened = opened(plan.get("id"));
        String id = opened.get("id");
        assertThat(opened.<String>get("status")).isEqualTo("created");
        assertThat(opened.<Integer>get("paid_count")).isZero();

        assertThat(WORLD.send("GET", opened.get("short_url"), null).body()).contains("Starter", "INR 4,999.00");
        assertThat(pay(opened.get("short_url")).statusCode()).isEqualTo(303);
        Subscription active = client.subscriptions.fetch(id);

        assertThat(active.<String>get("status")).isEqualTo("active");
        assertThat(active.<Integer>get("paid_count")).isEqualTo(1);
        assertThat(active.<Integer>get("remaining_count")).isEqualTo(120);
        assertThat(((JSONObject) active.get("notes")).getString("tenant")).isEqualTo("tenant-1");
        long start = active.toJson().getLong("current_start");
        long end = active.toJson().getLong("current_end");
        assertThat(end - start).isBetween(28 * 86_400L, 31 * 86_400L);
        assertThat(invoicesOf(id)).singleElement().satisfies(invoice -> {
            assertThat(invoice.<String>get("status")).isEqualTo("paid");
            assertThat(invoice.toJson().getLong("billing_start")).isEqualTo(start);
            assertThat(invoice.toJson().getLong("billing_end")).isEqualTo(end);
            Payment payment = client.payments.fetch(invoice.get("payment_id"));
            assertThat(payment.<String>get("status")).isEqualTo("captured");
            assertThat(payment.<String>get("invoice_id")).isEqualTo(invoice.get("id"));
        });
        renewal(id, "paid");
        Subscription renewed = client.subscriptions.fetch(id);
        assertThat(renewed.toJson().getLong("current_start")).isEqualTo(end);
        assertThat(renewed.<Integer>get("paid_count")).isEqualTo(2);
        assertThat(invoicesOf(id)).hasSize(2);
        assertThat(events(9))
                .contains("subscription.authenticated", "subscription.activated", "invoice.paid", "order.paid")
                .filteredOn("subscription.charged"::equals)
                .hasSize(2);
    }

    @Test
    void webhooksAreSignedAndNamedAsTheLibraryExpects() throws Exception {
        bought();

        for (World.Received webhook : WORLD.awaitReceived(6)) {
            assertThat(webhook.path()).isEqualTo("/webhooks/razorpay");
            assertThat(webhook.headers().get("x-razorpay-event-id")).startsWith("evt_");
            assertThat(Utils.verifyWebhookSignature(
                            webhook.body(),
                            webhook.headers().get("x-razorpay-signature"),
                            World.RAZORPAY.webhookSecret()))
                    .isTrue();
            assertThat(webhook.json().fieldNames())
                    .containsExactlyInAnyOrder("entity", "account_id", "event", "contains", "payload", "created_at");
            JsonArray contains = webhook.json().getJsonArray("contains");
            contains.forEach(entity -> assertThat(webhook.json()
                            .getJsonObject("payload")
                            .getJsonObject((String) entity)
                            .getJsonObject("entity")
                            .getString("id"))
                    .isNotEmpty());
        }
    }

    @Test
    void failedChargeIsPendingAndHaltedOrPaidByARetry() throws Exception {
        String lucky = bought();
        assertThat(renewal(lucky, "failed").getString("status")).isEqualTo("pending");
        assertThat(client.subscriptions.fetch(lucky).<Integer>get("auth_attempts"))
                .isEqualTo(1);
        assertThat(invoicesOf(lucky).getFirst().<String>get("status")).isEqualTo("issued");

        WORLD.control("POST", "/razorpay/subscriptions/" + lucky + "/retry", "{\"outcome\":\"paid\"}");
        assertThat(client.subscriptions.fetch(lucky).<String>get("status")).isEqualTo("active");
        assertThat(invoicesOf(lucky).getFirst().<String>get("status")).isEqualTo("paid");

        String unlucky = bought();
        renewal(unlucky, "failed");
        WORLD.control("POST", "/razorpay/subscriptions/" + unlucky + "/retry", "{\"outcome\":\"exhausted\"}");
        assertThat(client.subscriptions.fetch(unlucky).<String>get("status")).isEqualTo("halted");
        renewal(unlucky, "paid");
        assertThat(client.subscriptions.fetch(unlucky).<String>get("status")).isEqualTo("halted");
        pay(client.subscriptions.fetch(unlucky).get("short_url"));
        // Only later cycles are charged: the invoices from before stay open.
        assertThat(client.subscriptions.fetch(unlucky).<String>get("status")).isEqualTo("active");
        assertThat(invoicesOf(unlucky).getFirst().<String>get("status")).isEqualTo("issued");
        assertThat(events(16)).contains("subscription.pending", "subscription.halted", "payment.failed");
    }

    @Test
    void declinedCardOrUpiLeavesTheSubscriptionAsItWas() throws Exception {
        Subscription opened = opened(plan("Starter", 499_900).get("id"));

        assertThat(pay(opened.get("short_url"), "card", "declined").statusCode())
                .isEqualTo(402);
        assertThat(pay(opened.get("short_url"), "method", "upi", "vpa", "failure@razorpay")
                        .statusCode())
                .isEqualTo(402);
        Subscription refused = client.subscriptions.fetch(opened.get("id"));
        assertThat(refused.<String>get("status")).isEqualTo("created");
        assertThat(refused.<Integer>get("auth_attempts")).isEqualTo(2);
        assertThat(pay(opened.get("short_url"), "method", "upi", "vpa", "success@razorpay")
                        .statusCode())
                .isEqualTo(303);
        assertThat(client.subscriptions.fetch(opened.get("id")).<String>get("payment_method"))
                .isEqualTo("upi");
        assertThat(events(8)).filteredOn("payment.failed"::equals).hasSize(2);
    }

    @Test
    void cancellationAtCycleEndCannotBeSeenAndIsKept() throws Exception {
        String id = bought();

        Subscription ending = client.subscriptions.cancel(id, new JSONObject().put("cancel_at_cycle_end", true));
        assertThat(ending.<String>get("status")).isEqualTo("active");
        assertThat(ending.<Boolean>get("has_scheduled_changes")).isFalse();
        assertThat(renewal(id, "paid").getString("status")).isEqualTo("cancelled");
        assertThatThrownBy(() -> client.subscriptions.cancel(id))
                .hasMessageContaining("BAD_REQUEST_ERROR:Subscription is not cancellable in cancelled status.");

        String now = bought();
        assertThat(client.subscriptions.cancel(now).<String>get("status")).isEqualTo("cancelled");
        Subscription unpaid = opened(plan("Starter", 499_900).get("id"));
        assertThatThrownBy(() ->
                        client.subscriptions.cancel(unpaid.get("id"), new JSONObject().put("cancel_at_cycle_end", 1)))
                .hasMessageContaining("no billing cycle is going on");
    }

    @Test
    void pausedSubscriptionIsResumed() throws Exception {
        String id = bought();

        Subscription paused = client.subscriptions.pause(id, new JSONObject().put("pause_at", "now"));
        assertThat(paused.<String>get("status")).isEqualTo("paused");
        assertThat(paused.<String>get("pause_initiated_by")).isEqualTo("self");
        assertThatThrownBy(() -> client.subscriptions.pause(id, new JSONObject()))
                .isInstanceOf(RazorpayException.class);
        assertThat(client.subscriptions
                        .resume(id, new JSONObject().put("resume_at", "now"))
                        .<String>get("status"))
                .isEqualTo("active");
        assertThat(events(8)).endsWith("subscription.paused", "subscription.resumed");
    }

    @Test
    void changeNowChargesTheDifferenceAndOneAtCycleEndWaits() throws Exception {
        String id = bought();
        String pro = plan("Pro", 999_900).get("id");
        String small = plan("Small", 99_900).get("id");

        Subscription changed = client.subscriptions.update(
                id, new JSONObject().put("plan_id", pro).put("schedule_change_at", "now"));
        assertThat(changed.<String>get("plan_id")).isEqualTo(pro);
        Invoice difference = invoicesOf(id).getFirst();
        assertThat(difference.toJson().getLong("amount")).isBetween(499_990L, 500_000L);
        assertThat(difference.<String>get("status")).isEqualTo("paid");

        Subscription waiting = client.subscriptions.update(
                id, new JSONObject().put("plan_id", small).put("schedule_change_at", "cycle_end"));
        assertThat(waiting.<String>get("plan_id")).isEqualTo(pro);
        assertThat(waiting.<Boolean>get("has_scheduled_changes")).isTrue();
        assertThat(client.subscriptions.fetchPendingUpdate(id).<String>get("plan_id"))
                .isEqualTo(small);
        assertThat(client.subscriptions.cancelPendingUpdate(id).<Boolean>get("has_scheduled_changes"))
                .isFalse();
        assertThatThrownBy(() -> client.subscriptions.cancelPendingUpdate(id)).isInstanceOf(RazorpayException.class);
        client.subscriptions.update(id, new JSONObject().put("plan_id", small).put("schedule_change_at", "cycle_end"));
        renewal(id, "paid");
        assertThat(client.subscriptions.fetch(id).<String>get("plan_id")).isEqualTo(small);
        assertThat(invoicesOf(id).getFirst().toJson().getLong("amount")).isEqualTo(99_900);
    }

    @Test
    void changeThatCannotBePaidIsRefused() throws Exception {
        String id = bought();
        String before = client.subscriptions.fetch(id).get("plan_id");
        String pro = plan("Pro", 999_900).get("id");
        WORLD.control("PUT", "/razorpay/subscriptions/" + id + "/card", "{\"outcome\":\"failed\"}");

        assertThatThrownBy(() -> client.subscriptions.update(id, new JSONObject().put("plan_id", pro)))
                .isInstanceOf(RazorpayException.class);
        assertThat(client.subscriptions.fetch(id).<String>get("plan_id")).isEqualTo(before);

        Subscription upi = opened(before);
        pay(upi.get("short_url"), "method", "upi");
        assertThatThrownBy(() -> client.subscriptions.update(upi.get("id"), new JSONObject().put("plan_id", pro)))
                .hasMessageContaining("cannot be updated when payment mode is upi");
    }

    @Test
    void laterStartIsAuthorisedFirstAndChargedThen() throws Exception {
        long later = System.currentTimeMillis() / 1000 + 86_400;
        Subscription opened = client.subscriptions.create(new JSONObject()
                .put("plan_id", plan("Starter", 499_900).<String>get("id"))
                .put("total_count", 12)
                .put("start_at", later));
        pay(opened.get("short_url"));

        Subscription waiting = client.subscriptions.fetch(opened.get("id"));
        assertThat(waiting.<String>get("status")).isEqualTo("authenticated");
        assertThat(waiting.toJson().getLong("charge_at")).isEqualTo(later);
        assertThat(invoicesOf(opened.get("id"))).isEmpty();
        assertThat(renewal(opened.get("id"), "paid").getString("status")).isEqualTo("active");
        assertThat(invoicesOf(opened.get("id"))).hasSize(1);
    }

    @Test
    void lastCycleCompletes() throws Exception {
        Subscription opened = client.subscriptions.create(new JSONObject()
                .put("plan_id", plan("Starter", 499_900).<String>get("id"))
                .put("total_count", 2));
        pay(opened.get("short_url"));

        renewal(opened.get("id"), "paid");
        assertThat(renewal(opened.get("id"), "paid").getString("status")).isEqualTo("completed");
        assertThat(client.subscriptions.fetch(opened.get("id")).<Integer>get("paid_count"))
                .isEqualTo(2);
    }

    @Test
    void orderIsPaidInHostedCheckoutWhoseAnswerIsSigned() throws Exception {
        Order order = client.orders.create(new JSONObject()
                .put("amount", 50_000)
                .put("currency", "INR")
                .put("receipt", "r-" + System.nanoTime())
                .put("unique_receipt", true));
        assertThat(client.orders
                        .create(new JSONObject()
                                .put("amount", 50_000)
                                .put("currency", "INR")
                                .put("receipt", order.<String>get("receipt"))
                                .put("unique_receipt", true))
                        .<String>get("id"))
                .isEqualTo(order.get("id"));

        Map<String, String> answer = hostedCheckout("order_id", order.get("id"));
        assertThat(Utils.verifyPaymentSignature(new JSONObject(answer), World.RAZORPAY.keySecret()))
                .isTrue();
        assertThat(client.orders.fetch(order.get("id")).<String>get("status")).isEqualTo("paid");
        assertThat(client.orders.fetchPayments(order.get("id"))).singleElement().satisfies(payment -> assertThat(
                        payment.<String>get("id"))
                .isEqualTo(answer.get("razorpay_payment_id")));
    }

    @Test
    void subscriptionsCheckoutIsSignedTheOtherWayRound() throws Exception {
        Subscription opened = opened(plan("Starter", 499_900).get("id"));

        Map<String, String> answer = hostedCheckout("subscription_id", opened.get("id"));

        assertThat(Utils.verifySubscription(new JSONObject(answer), World.RAZORPAY.keySecret()))
                .isTrue();
        assertThat(Utils.verifySignature(
                        opened.get("id") + "|" + answer.get("razorpay_payment_id"),
                        answer.get("razorpay_signature"),
                        World.RAZORPAY.keySecret()))
                .isFalse();
    }

    /** Posts the form that a shop's page posts, pays, and reads what is posted back. */
    private static Map<String, String> hostedCheckout(String what, String id) {
        HttpResponse<String> opened = WORLD.form(
                "/razorpay/v1/checkout/embedded",
                Map.of(
                        "key_id",
                        World.RAZORPAY.keyId(),
                        what,
                        id,
                        "callback_url",
                        "http://127.0.0.1:9/done",
                        "cancel_url",
                        "http://127.0.0.1:9/left"));
        assertThat(opened.statusCode()).isEqualTo(303);
        String page = opened.headers().firstValue("location").orElseThrow();
        assertThat(WORLD.form(page, Map.of("action", "cancel")).headers().firstValue("location"))
                .contains("http://127.0.0.1:9/left");
        String paid = pay(page).body();
        assertThat(paid).contains("action=\"http://127.0.0.1:9/done\"");
        Map<String, String> answer = new HashMap<>();
        Matcher field =
                Pattern.compile("name=\"(razorpay_\\w+)\" value=\"(\\w+)\"").matcher(paid);
        while (field.find()) {
            answer.put(field.group(1), field.group(2));
        }
        return answer;
    }

    @Test
    void paymentLinkSendsTheCustomerBackWithASignature() throws Exception {
        PaymentLink link = client.paymentLink.create(new JSONObject()
                .put("amount", 99_900)
                .put("currency", "INR")
                .put("description", "10,000 credits")
                .put("reference_id", "pack-1")
                .put("callback_url", "http://127.0.0.1:9/done?x=1")
                .put("callback_method", "get")
                .put("notes", new JSONObject().put("tenant", "tenant-1")));
        assertThatThrownBy(() -> client.paymentLink.create(new JSONObject()
                        .put("amount", 99_900)
                        .put("currency", "INR")
                        .put("reference_id", "pack-1")))
                .hasMessageContaining("already exists");

        HttpResponse<String> paid = pay(link.get("short_url"));

        assertThat(paid.statusCode()).isEqualTo(303);
        String location = paid.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith("http://127.0.0.1:9/done?x=1&razorpay_payment_id=pay_");
        JSONObject answer = new JSONObject();
        for (String pair : location.substring(location.indexOf('&') + 1).split("&")) {
            answer.put(pair.split("=")[0], pair.split("=")[1]);
        }
        answer.put("payment_link_id", answer.getString("razorpay_payment_link_id"));
        answer.put("payment_link_reference_id", answer.getString("razorpay_payment_link_reference_id"));
        answer.put("payment_link_status", answer.getString("razorpay_payment_link_status"));
        assertThat(Utils.verifyPaymentLink(answer, World.RAZORPAY.keySecret())).isTrue();
        PaymentLink fetched = client.paymentLink.fetch(link.get("id"));
        assertThat(fetched.<String>get("status")).isEqualTo("paid");
        assertThat(events(3)).containsExactlyInAnyOrder("payment.captured", "order.paid", "payment_link.paid");
        assertThatThrownBy(() -> client.paymentLink.cancel(link.get("id"))).hasMessageContaining("already paid");
    }

    @Test
    void refundsNeverExceedThePayment() throws Exception {
        String payment = invoicesOf(bought()).getFirst().get("payment_id");

        Refund part = client.payments.refund(payment, new JSONObject().put("amount", 100_000));
        assertThat(part.<String>get("status")).isEqualTo("processed");
        assertThatThrownBy(() -> client.payments.refund(payment, new JSONObject().put("amount", 399_901)))
                .hasMessageContaining("greater than");
        client.payments.refund(payment, new JSONObject().put("amount", 399_900));
        assertThatThrownBy(() -> client.payments.refund(payment)).hasMessageContaining("fully refunded already");
        assertThat(client.payments.fetch(payment).<String>get("status")).isEqualTo("refunded");
        assertThat(client.payments.fetchAllRefunds(payment)).hasSize(2);
        assertThat(client.refunds.fetch(part.get("id")).<String>get("payment_id"))
                .isEqualTo(payment);
    }

    @Test
    void refundWithTheSameKeyIsTheSameRefund() throws Exception {
        String payment = invoicesOf(bought()).getFirst().get("payment_id");
        String body = "{\"amount\":1000}";
        String path = "/razorpay/v1/payments/" + payment + "/refund";
        String basic = "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString((World.RAZORPAY.keyId() + ":" + World.RAZORPAY.keySecret()).getBytes());
        String[] headers = {"authorization", basic, "x-refund-idempotency", "parley-refund-1"};

        String first = WORLD.send("POST", path, body, headers).body();

        assertThat(WORLD.send("POST", path, body, headers).body()).isEqualTo(first);
        assertThat(WORLD.send("POST", path, "{\"amount\":2000}", headers).statusCode())
                .isEqualTo(400);
        assertThat(client.payments.fetchAllRefunds(payment)).hasSize(1);
    }

    @Test
    void errorsAreRazorpays() throws Exception {
        assertThatThrownBy(() -> client.subscriptions.fetch("sub_nobody"))
                .hasMessage("BAD_REQUEST_ERROR:The id provided does not exist");
        assertThatThrownBy(() -> client.plans.create(new JSONObject().put("period", "monthly")))
                .hasMessageContaining("The interval field is required.");
        assertThatThrownBy(() -> client.subscriptions.create(new JSONObject()
                        .put("plan_id", plan("P", 100_000).<String>get("id"))
                        .put("total_count", 12)
                        .put("colour", "blue")))
                .hasMessageContaining("colour is/are not required and should not be sent");
        assertThatThrownBy(() -> client.subscriptions.create(new JSONObject()
                        .put("plan_id", plan("P", 100_000).<String>get("id"))
                        .put("total_count", 1_201)))
                .hasMessageContaining("Exceeds the maximum total count (1200) allowed");
        assertThatThrownBy(() -> new RazorpayClient("rzp_test_parley_local", "rzp_parley_local").plans.fetchAll())
                .hasMessageContaining("Authentication failed");
        leadTo(WORLD);
        WORLD.control("PUT", "/faults/razorpay", "{\"status\":502,\"times\":1}");
        assertThatThrownBy(() -> client.plans.fetchAll()).hasMessageStartingWith("GATEWAY_ERROR:");
    }

    @Test
    void answerLostAfterTheEffectLeavesASubscriptionThatItsNotesTell() throws Exception {
        String plan = plan("Starter", 499_900).get("id");
        WORLD.control(
                "PUT", "/faults/razorpay", "{\"status\":500,\"after\":true,\"times\":1,\"path\":\"subscriptions\"}");

        assertThatThrownBy(() -> opened(plan)).isInstanceOf(RazorpayException.class);

        List<Subscription> made = client.subscriptions.fetchAll(new JSONObject().put("plan_id", plan));
        assertThat(made).singleElement().satisfies(subscription -> assertThat(
                        ((JSONObject) subscription.get("notes")).getString("tenant"))
                .isEqualTo("tenant-1"));
    }

    @Test
    void listsArePagedNewestFirst() throws Exception {
        String plan = plan("Paged", 100_000).get("id");
        String first = opened(plan).get("id");
        String second = opened(plan).get("id");

        assertThat(client.subscriptions.fetchAll(
                        new JSONObject().put("plan_id", plan).put("count", 1)))
                .extracting(each -> each.<String>get("id"))
                .containsExactly(second);
        assertThat(client.subscriptions.fetchAll(
                        new JSONObject().put("plan_id", plan).put("count", 1).put("skip", 1)))
                .extracting(each -> each.<String>get("id"))
                .containsExactly(first);
        assertThat(client.subscriptions.fetchAll(
                        new JSONObject().put("plan_id", plan).put("from", 32_503_680_000L)))
                .isEmpty();
    }

    @Test
    void customersAreUniqueByEmailAndContact() throws Exception {
        JSONObject ana = new JSONObject().put("email", "ana-" + System.nanoTime() + "@example.com");
        Customer made = client.customers.create(ana);

        assertThatThrownBy(() -> client.customers.create(ana))
                .hasMessageContaining("Customer already exists for the merchant");
        assertThat(client.customers
                        .create(new JSONObject(ana.toString()).put("fail_existing", "0"))
                        .<String>get("id"))
                .isEqualTo(made.get("id"));
    }

    @Test
    void forgedEventsCanBeSentAndOldOnesAgain() throws Exception {
        WORLD.control(
                "POST",
                "/razorpay/events",
                "{\"event\":\"subscription.charged\",\"data\":{\"id\":\"sub_1\",\"entity\":\"subscription\"},"
                        + "\"secret\":\"other\"}");
        World.Received forged = WORLD.awaitReceived(1).getFirst();
        assertThat(Utils.verifyWebhookSignature(
                        forged.body(), forged.headers().get("x-razorpay-signature"), World.RAZORPAY.webhookSecret()))
                .isFalse();
        WORLD.reset();
        WORLD.answerWith(500);
        bought();

        List<World.Received> received = WORLD.awaitReceived(7);
        assertThat(received.stream()
                        .map(webhook -> webhook.headers().get("x-razorpay-event-id"))
                        .distinct())
                .hasSize(6);
        String id = received.getFirst().headers().get("x-razorpay-event-id");
        assertThat(WORLD.control("POST", "/razorpay/events/" + id + "/resend", null)
                        .getInteger("status"))
                .isEqualTo(200);
        assertThat(WORLD.received().getLast().headers()).containsEntry("x-razorpay-event-id", id);
    }

    @Test
    void subscriptionsSurviveARestart(@TempDir Path directory) throws Exception {
        String id;
        try (World before = new World(directory)) {
            leadTo(before);
            Subscription opened = opened(plan("Kept", 100_000).get("id"));
            before.form(opened.get("short_url"), Map.of("action", "pay", "email", "ana@example.com"));
            before.awaitReceived(6);
            id = opened.get("id");
        }
        try (World after = new World(directory)) {
            leadTo(after);
            assertThat(client.subscriptions.fetch(id).<String>get("status")).isEqualTo("active");
        } finally {
            leadTo(WORLD);
        }
    }

    private static final long DAY = 86_400;

    private static String clock(long at) {
        String id = UUID.randomUUID().toString();
        WORLD.control("POST", "/razorpay/clocks/" + id, "{\"at\":" + at + "}");
        return id;
    }

    private static JsonObject advance(String clock, long to) {
        return WORLD.control("POST", "/razorpay/clocks/" + clock + "/advance", "{\"to\":" + to + "}");
    }

    private static Subscription openedOn(String clock, Long startAt) throws RazorpayException {
        JSONObject wish = new JSONObject()
                .put("plan_id", plan("Clocked", 100_000).<String>get("id"))
                .put("total_count", 12)
                .put("expire_by", Instant.now().getEpochSecond() + DAY)
                .put("notes", new JSONObject().put("test_clock", clock));
        return client.subscriptions.create(startAt == null ? wish : wish.put("start_at", startAt));
    }

    @Test
    void whatIsBoughtOnAClockIsChargedWhenTheClockPassesEachCycle() throws Exception {
        long begin = Instant.parse("2030-01-31T12:00:00Z").getEpochSecond();
        String clock = clock(begin);
        Subscription opened = openedOn(clock, null);
        String id = opened.get("id");
        pay(opened.get("short_url"));

        assertThat(client.subscriptions.fetch(id).toJson().getLong("current_start"))
                .isEqualTo(begin);
        assertThat(WORLD.control("POST", "/razorpay/clocks/" + clock, "{\"at\":1}")
                        .getLong("now"))
                .isEqualTo(begin);
        assertThat(advance(clock, begin - 5).getLong("now")).isEqualTo(begin);
        JsonObject moved = advance(clock, Instant.parse("2030-04-29T00:00:00Z").getEpochSecond());

        assertThat(moved.getJsonArray("subscriptions")).containsExactly(id);
        assertThat(invoicesOf(id).reversed())
                .extracting(invoice -> Instant.ofEpochSecond(invoice.toJson().getLong("billing_start"))
                        .toString())
                .containsExactly(
                        "2030-01-31T12:00:00Z", "2030-02-28T12:00:00Z", "2030-03-28T12:00:00Z", "2030-04-28T12:00:00Z");
        assertThat(invoicesOf(id)).allSatisfy(invoice -> {
            assertThat(invoice.<String>get("status")).isEqualTo("paid");
            assertThat(invoice.toJson().getLong("paid_at"))
                    .isEqualTo(invoice.toJson().getLong("billing_start"));
        });
        assertThat(client.subscriptions.fetch(id).<Integer>get("paid_count")).isEqualTo(4);
    }

    @Test
    void onAClockAFailedChargeIsTriedAgainOnThreeDaysAndThenHalts() throws Exception {
        long begin = Instant.parse("2030-06-01T00:00:00Z").getEpochSecond();
        long end = Instant.parse("2030-07-01T00:00:00Z").getEpochSecond();
        String clock = clock(begin);
        Subscription opened = openedOn(clock, null);
        String id = opened.get("id");
        pay(opened.get("short_url"));
        WORLD.control("PUT", "/razorpay/subscriptions/" + id + "/card", "{\"outcome\":\"failed\"}");

        advance(clock, end);
        assertThat(statusOf(id)).isEqualTo("pending");
        advance(clock, end + 3 * DAY - 1);
        assertThat(statusOf(id)).isEqualTo("pending");
        advance(clock, end + 3 * DAY);
        assertThat(statusOf(id)).isEqualTo("halted");
        pay("/razorpay/i/" + invoicesOf(id).getFirst().get("id"));

        assertThat(statusOf(id)).isEqualTo("active");
        assertThat(invoicesOf(id).getFirst().toJson().getLong("paid_at")).isEqualTo(end + 3 * DAY);
        advance(clock, end + 31 * DAY);
        assertThat(statusOf(id)).isEqualTo("pending");
        WORLD.control("PUT", "/razorpay/subscriptions/" + id + "/card", "{\"outcome\":\"paid\"}");
        advance(clock, end + 32 * DAY);
        assertThat(statusOf(id)).isEqualTo("active");
        assertThat(invoicesOf(id)).hasSize(3).allSatisfy(invoice -> assertThat(invoice.<String>get("status"))
                .isEqualTo("paid"));
    }

    private static String statusOf(String id) throws RazorpayException {
        return client.subscriptions.fetch(id).get("status");
    }

    @Test
    void onAClockALaterStartIsWaitedForAndACancellationEndsTheCycle() throws Exception {
        long begin = Instant.parse("2030-01-01T00:00:00Z").getEpochSecond();
        String clock = clock(begin);
        Subscription opened = openedOn(clock, begin + 10 * DAY);
        String id = opened.get("id");
        pay(opened.get("short_url"));

        assertThat(statusOf(id)).isEqualTo("authenticated");
        advance(clock, begin + 10 * DAY);
        assertThat(statusOf(id)).isEqualTo("active");
        assertThat(client.subscriptions.fetch(id).toJson().getLong("current_start"))
                .isEqualTo(begin + 10 * DAY);
        client.subscriptions.cancel(id, new JSONObject().put("cancel_at_cycle_end", true));
        JsonObject over = advance(clock, begin + 60 * DAY);

        assertThat(statusOf(id)).isEqualTo("cancelled");
        assertThat(client.subscriptions.fetch(id).toJson().getLong("ended_at"))
                .isEqualTo(Instant.parse("2030-02-11T00:00:00Z").getEpochSecond());
        assertThat(over.getJsonArray("subscriptions")).isEmpty();
        assertThat(invoicesOf(id)).hasSize(1);
    }

    private static Addon addon(String subscription, String name) throws RazorpayException {
        return client.subscriptions.createAddon(
                subscription,
                new JSONObject()
                        .put(
                                "item",
                                new JSONObject()
                                        .put("name", name)
                                        .put("description", "parley-overage one")
                                        .put("amount", 2_400)
                                        .put("currency", "INR"))
                        .put("quantity", 1));
    }

    @Test
    void addonIsChargedWithTheNextCycle() throws Exception {
        String id = bought();
        Addon addon = addon(id, "overage: 120 credits");
        Addon dropped = addon(id, "dropped");
        client.addons.delete(dropped.get("id"));
        assertThat(client.addons.fetchAll(new JSONObject().put("from", 1))).hasSize(1);
        assertThat((Object) addon.get("invoice_id")).isEqualTo(JSONObject.NULL);

        renewal(id, "paid");

        String invoice = client.addons.fetch(addon.get("id")).get("invoice_id");
        JSONObject charged = client.invoices.fetch(invoice).toJson();
        assertThat(charged.getString("status")).isEqualTo("paid");
        assertThat(charged.getLong("amount")).isEqualTo(499_900 + 2_400);
        JSONObject line = charged.getJSONArray("line_items").getJSONObject(1);
        assertThat(line.getString("description")).isEqualTo("parley-overage one");
        assertThat(line.getString("type")).isEqualTo("addon");
        assertThatThrownBy(() -> client.addons.delete(addon.get("id")))
                .isInstanceOf(RazorpayException.class)
                .hasMessageContaining("invoiced");
    }

    @Test
    void invoiceIsSentToACustomerAndPaidOnItsPage() throws Exception {
        Subscription subscription = client.subscriptions.fetch(bought());
        JSONObject wish = new JSONObject()
                .put("type", "invoice")
                .put("customer_id", (String) subscription.get("customer_id"))
                .put("receipt", "receipt-1")
                .put("currency", "INR")
                .put(
                        "line_items",
                        List.of(new JSONObject()
                                .put("name", "overage")
                                .put("amount", 2_400)
                                .put("currency", "INR")));

        Invoice invoice = client.invoices.create(wish);

        assertThat((String) invoice.get("status")).isEqualTo("issued");
        assertThat(client.invoices.fetchAll(new JSONObject().put("receipt", "receipt-1")))
                .hasSize(1);
        assertThat(pay(invoice.get("short_url")).statusCode()).isEqualTo(303);
        JSONObject paid = client.invoices.fetch(invoice.get("id")).toJson();
        assertThat(paid.getString("status")).isEqualTo("paid");
        assertThat(paid.getLong("amount_paid")).isEqualTo(2_400);
    }
}
