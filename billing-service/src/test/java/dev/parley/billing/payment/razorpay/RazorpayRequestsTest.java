package dev.parley.billing.payment.razorpay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.razorpay.RazorpayClient;
import com.sun.net.httpserver.HttpServer;
import dev.parley.billing.money.Money;
import dev.parley.billing.pack.CreditPack;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.Purchase;
import dev.parley.billing.payment.RefundOrder;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * We and Razorpay's own client ask the same server for the same things, and the requests that it gets are compared: the
 * simulator and our client cannot share a misunderstanding.
 */
class RazorpayRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final TenantId TENANT = new TenantId(new UUID(1, 2));
    private static final UUID CHECKOUT = new UUID(3, 4);
    private static final Plan PLAN = new Plan(
            "pro",
            7,
            "Pro",
            new Money(499_900, "INR"),
            BillingInterval.MONTH,
            1_000,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            new Overage(OverageMode.BLOCK, null),
            0);

    /** A request as the server got it, without what only names the client. */
    private record Got(
            String method, String path, TreeSet<String> query, String authorization, String refundKey, JsonNode body) {
        /** Their client sends its headers with every request. */
        Got withoutKey() {
            return new Got(method, path, query, authorization, null, body);
        }
    }

    private final List<Got> got = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private boolean scheduled;
    private Duration readTimeout = Duration.ofSeconds(3);
    private String answer = "{\"entity\":\"collection\",\"count\":0,\"items\":[]}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String query = exchange.getRequestURI().getQuery();
            got.add(new Got(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    new TreeSet<>(query == null ? List.of() : List.of(query.split("&"))),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("X-Refund-Idempotency"),
                    body.length == 0 ? null : JSON.readTree(body)));
            boolean list = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().split("/").length == 3;
            byte[] said = (list || status >= 300
                            ? answer
                            : one(exchange.getRequestURI().getPath()))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, said.length);
            exchange.getResponseBody().write(said);
            exchange.close();
        });
        server.start();
    }

    private String one(String path) {
        String entity = path.endsWith("/refund") ? "refund" : path.split("/")[2].replaceAll("s$", "");
        return "{\"entity\":\"" + entity + "\",\"id\":\"" + entity.substring(0, 3) + "_1\",\"status\":\""
                + (entity.equals("invoice") ? "paid" : "paused")
                + "\",\"created_at\":1,\"plan_id\":\"pla_0\",\"has_scheduled_changes\":" + scheduled + "}";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private RazorpayProvider ours() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        return new RazorpayProvider(config("hook"), new EndingService(null, null, config("hook"), null), JSON, clock);
    }

    private RazorpayConfig config(String webhookSecret) {
        return new RazorpayConfig() {
            @Override
            public URI apiBase() {
                return URI.create(url() + "/");
            }

            @Override
            public String keyId() {
                return "rzp_test_x";
            }

            @Override
            public String keySecret() {
                return "key";
            }

            @Override
            public String webhookSecret() {
                return webhookSecret;
            }

            @Override
            public Optional<String> previousWebhookSecret() {
                return Optional.empty();
            }

            @Override
            public URI publicUrl() {
                return URI.create("https://parley.example");
            }

            @Override
            public Duration connectTimeout() {
                return Duration.ofSeconds(3);
            }

            @Override
            public Duration readTimeout() {
                return readTimeout;
            }

            @Override
            public int retries() {
                return 2;
            }

            @Override
            public int years() {
                return 10;
            }

            @Override
            public Duration endingLead() {
                return Duration.ofDays(1);
            }

            @Override
            public Optional<URI> clocksUrl() {
                return Optional.empty();
            }
        };
    }

    /** The library knows only one address; its requests are led to the server at the last moment. */
    private RazorpayClient theirs() throws Exception {
        RazorpayClient client = new RazorpayClient("rzp_test_x", "key");
        HttpUrl there = HttpUrl.parse(url());
        OkHttpClient leading = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    Request asked = chain.request();
                    HttpUrl led = asked.url()
                            .newBuilder()
                            .scheme("http")
                            .host(there.host())
                            .port(there.port())
                            .build();
                    return chain.proceed(asked.newBuilder().url(led).build());
                })
                .build();
        Field http = Class.forName("com.razorpay.ApiUtils").getDeclaredField("client");
        http.setAccessible(true);
        http.set(null, leading);
        return client;
    }

    private static JSONObject page(String... filter) {
        JSONObject page = new JSONObject().put("count", 100).put("skip", 0);
        for (int i = 0; i < filter.length; i += 2) {
            page.put(filter[i], filter[i + 1]);
        }
        return page;
    }

    @Test
    void weAskAsRazorpaysOwnClientAsks() throws Exception {
        RazorpayProvider ours = ours();
        ours.createCheckout(new CheckoutOrder(
                CHECKOUT, TENANT, new Purchase.OfPlan(PLAN), "https://shop/ok", "https://shop/no", null, null, null));
        ours.fetchSubscription("sub_1");
        ours.fetchInvoice("inv_1");
        ours.cancelNow("sub_1", UUID.randomUUID());
        ours.resume("sub_1", UUID.randomUUID());
        List<Got> asked = List.copyOf(got);
        got.clear();

        RazorpayClient theirs = theirs();
        theirs.plans.fetchAll(page());
        theirs.plans.create(new JSONObject()
                .put("period", "monthly")
                .put("interval", 1)
                .put(
                        "item",
                        new JSONObject()
                                .put("name", "Pro")
                                .put("amount", 499_900)
                                .put("currency", "INR"))
                .put("notes", new JSONObject().put("parley_plan", "pro/7")));
        theirs.subscriptions.fetchAll(page("plan_id", "pla_1"));
        theirs.subscriptions.create(new JSONObject()
                .put("plan_id", "pla_1")
                .put("total_count", 120)
                .put("quantity", 1)
                .put("customer_notify", true)
                .put("expire_by", NOW.getEpochSecond() + 86_400)
                .put(
                        "notes",
                        new JSONObject()
                                .put("parley_tenant_id", TENANT.toString())
                                .put("parley_checkout_id", CHECKOUT.toString())));
        theirs.subscriptions.fetchAll(page("plan_id", "pla_1"));
        theirs.subscriptions.fetch("sub_1");
        theirs.invoices.fetchAll(page("subscription_id", "sub_1"));
        theirs.plans.fetch("pla_0");
        theirs.invoices.fetch("inv_1");
        theirs.subscriptions.fetch("sub_1");
        theirs.subscriptions.cancel("sub_1", new JSONObject().put("cancel_at_cycle_end", false));
        theirs.subscriptions.fetch("sub_1");
        theirs.subscriptions.resume("sub_1", new JSONObject().put("resume_at", "now"));

        assertThat(asked).isEqualTo(got);
        assertThat(asked).hasSize(13);
    }

    @Test
    void anAnswerThatDoesNotComeToItsEndIsUncertain() throws Exception {
        readTimeout = Duration.ofMillis(200);
        List<Socket> open = new CopyOnWriteArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Socket socket = silent.accept();
                        open.add(socket);
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            RazorpayApi api = new RazorpayApi(config("hook"), "http://127.0.0.1:" + silent.getLocalPort(), JSON);

            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThatThrownBy(() -> api.find("/x"))
                    .isInstanceOf(PaymentUncertain.class));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void weChangeAsRazorpaysOwnClientChanges() throws Exception {
        UUID wish = UUID.randomUUID();
        RazorpayProvider ours = ours();
        ours.changePlan(new PlanChangeOrder(wish, "sub_1", PLAN, PLAN, PlanChangeOrder.When.NOW, NOW));
        ours.changePlan(new PlanChangeOrder(wish, "sub_1", PLAN, PLAN, PlanChangeOrder.When.PERIOD_END, NOW));
        scheduled = true;
        ours.withdrawChange("sub_1", PLAN, wish);
        scheduled = false;
        List<Got> asked = new ArrayList<>(got.subList(3, got.size()));
        got.clear();

        RazorpayClient theirs = theirs();
        JSONObject now = new JSONObject().put("plan_id", "pla_1").put("customer_notify", true);
        theirs.subscriptions.fetch("sub_1");
        theirs.plans.fetchAll(page());
        theirs.plans.create(new JSONObject());
        theirs.subscriptions.update("sub_1", now.put("schedule_change_at", "now"));
        theirs.subscriptions.fetch("sub_1");
        theirs.subscriptions.update("sub_1", now.put("schedule_change_at", "cycle_end"));
        theirs.subscriptions.fetch("sub_1");
        theirs.subscriptions.cancelPendingUpdate("sub_1");
        theirs.subscriptions.fetchPendingUpdate("sub_1");
        List<Got> wanted = new ArrayList<>(got);
        Got asksForWhatIsScheduled = wanted.removeLast();
        // The plan and its making are compared above.
        assertThat(asked).isEqualTo(wanted.subList(3, wanted.size()));
        got.clear();
        scheduled = true;
        ours.fetchSubscription("sub_1");
        assertThat(got).contains(asksForWhatIsScheduled);
    }

    @Test
    void weSellPacksRefundAndListAsRazorpaysOwnClientDoes() throws Exception {
        UUID refund = UUID.randomUUID();
        CreditPack pack = new CreditPack("five", 1, "Five thousand", new Money(50_000, "INR"), 5_000, null);
        RazorpayProvider ours = ours();
        ours.createCheckout(new CheckoutOrder(
                CHECKOUT, TENANT, new Purchase.OfPack(pack), "https://shop/ok", "https://shop/no", null, null, null));
        ours.fetchCheckout("plink_1");
        ours.refund(new RefundOrder(refund, "pay_1", new Money(6_666, "INR")));
        ours.fetchRefund("rfnd_1");
        assertThat(ours.listInvoices(NOW)).isEmpty();
        assertThat(ours.listPayments(NOW)).isEmpty();
        assertThat(ours.listSubscriptions(NOW)).isEmpty();
        List<Got> asked = List.copyOf(got);
        got.clear();

        RazorpayClient theirs = theirs();
        theirs.paymentLink.fetchAll(page("reference_id", CHECKOUT.toString()));
        theirs.paymentLink.create(new JSONObject()
                .put("amount", 50_000)
                .put("currency", "INR")
                .put("description", "Five thousand")
                .put("reference_id", CHECKOUT.toString())
                .put("expire_by", NOW.getEpochSecond() + 86_400)
                .put("reminder_enable", false)
                .put("callback_url", "https://shop/ok")
                .put("callback_method", "get")
                .put(
                        "notes",
                        new JSONObject()
                                .put("parley_tenant_id", TENANT.toString())
                                .put("parley_checkout_id", CHECKOUT.toString())));
        theirs.paymentLink.fetch("plink_1");
        RazorpayClient withKey = theirs();
        withKey.addHeaders(Map.of("X-Refund-Idempotency", refund.toString()));
        withKey.payments.refund(
                "pay_1",
                new JSONObject()
                        .put("amount", 6_666)
                        .put("notes", new JSONObject().put("parley_refund_id", refund.toString())));
        withKey.addHeaders(Map.of());
        Got theirRefund = got.removeLast();
        theirs.refunds.fetch("rfnd_1");
        String since = Long.toString(NOW.getEpochSecond());
        theirs.invoices.fetchAll(page("from", since));
        theirs.payments.fetchAll(page("from", since));
        theirs.subscriptions.fetchAll(page("from", since));

        List<Got> wanted = new ArrayList<>(got);
        wanted.add(3, theirRefund);
        assertThat(asked.stream().map(Got::withoutKey).toList())
                .isEqualTo(wanted.stream().map(Got::withoutKey).toList());
        assertThat(asked.get(3).refundKey()).isEqualTo(refund.toString()).isEqualTo(theirRefund.refundKey());
    }

    @ParameterizedTest
    @CsvSource({"400, true", "401, false", "403, false", "409, false", "429, false", "500, false", "502, false"})
    void onlyACertainNoIsARefusal(int code, boolean refused) {
        status = code;
        answer = "{\"error\":{\"code\":\"BAD_REQUEST_ERROR\",\"description\":\"No\"}}";

        assertThatThrownBy(() -> ours().fetchInvoice("inv_1"))
                .isInstanceOf(refused ? PaymentRefused.class : PaymentUncertain.class);
        assertThat(got).hasSize(refused ? 1 : 3);
    }

    @Test
    void whatChangesSomethingIsSentOnce() {
        status = 500;
        answer = "{}";

        assertThatThrownBy(() -> RazorpayApi.of(config("hook"), JSON).post("/subscriptions", Map.of()))
                .isInstanceOf(PaymentUncertain.class);
        assertThat(got).hasSize(1);
    }

    @Test
    void anIdThatRazorpayDoesNotKnowIsNothing() {
        status = 400;
        answer = "{\"error\":{\"code\":\"BAD_REQUEST_ERROR\",\"description\":\"The id provided does not exist\"}}";

        assertThat(ours().fetchInvoice("inv_none")).isEmpty();
        assertThat(ours().fetchSubscription("sub_none/../../plans")).isEmpty();
        assertThat(got).hasSize(1);
    }

    @Test
    void anUnreadableAnswerIsUncertain() {
        status = 502;
        answer = "<html>Bad Gateway</html>";

        assertThatThrownBy(() -> ours().fetchInvoice("inv_1")).isInstanceOf(PaymentUncertain.class);
    }

    @Test
    void theKeysSecretIsNotTheWebhooks() {
        assertThatThrownBy(() -> new RazorpayProvider(config("key"), null, JSON, Clock.systemUTC()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARLEY_RAZORPAY_WEBHOOK_SECRET");
    }

    @Test
    void everyStateIsOneOfOurs() {
        assertThat(stateOf("created", 0)).isEqualTo("pending");
        assertThat(stateOf("authenticated", 0)).isEqualTo("pending");
        assertThat(stateOf("active", 1)).isEqualTo("active");
        assertThat(stateOf("pending", 1)).isEqualTo("past_due");
        assertThat(stateOf("pending", 0)).isEqualTo("pending");
        assertThat(stateOf("halted", 1)).isEqualTo("suspended");
        assertThat(stateOf("paused", 1)).isEqualTo("suspended");
        assertThat(stateOf("cancelled", 1)).isEqualTo("ended");
        assertThat(stateOf("completed", 1)).isEqualTo("ended");
        assertThat(stateOf("expired", 0)).isEqualTo("ended");
        assertThatThrownBy(() -> stateOf("dreaming", 0)).hasMessageContaining("dreaming");
        assertThat(RazorpayObjects.status(JSON.valueToTree(
                                Map.of("status", "authenticated", "created_at", 1_000, "start_at", 2_000)))
                        .wire())
                .isEqualTo("trial");
    }

    private static String stateOf(String status, int paid) {
        return RazorpayObjects.status(
                        JSON.valueToTree(Map.of("status", status, "paid_count", paid, "created_at", 1_000)))
                .wire();
    }

    @Test
    void emptyNotesAreAListAndNotOurs() throws Exception {
        assertThat(RazorpayObjects.reference(JSON.readTree(
                        new JSONObject().put("notes", new JSONArray()).toString())))
                .isNull();
        assertThat(RazorpayObjects.reference(
                        JSON.readTree("{\"notes\":{\"parley_tenant_id\":\"x\",\"parley_checkout_id\":\"y\"}}")))
                .isNull();
    }
}
