package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed webhooks of Stripe through the gateway, at a constant rate, and how soon after one of them policy-service answers
 * by what was paid; beside the same inserts by the database alone.
 */
final class WebhookFigure implements Figure {
    private static final int RATE = 300;
    private static final int TENANTS = 16;
    private static final int PROBES = 5;
    private static final String SECRET = "whsec_parley_local";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient browser = HttpClient.newHttpClient();

    /**
     * What a round found.
     *
     * @param drained seconds until the last event of the round was followed
     * @param effective seconds from the answer to a webhook until policy allowed what it paid for
     */
    private record Round(Load.Result webhooks, double drained, double[] effective, Load.Result inserts) {}

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String title() {
        return "payment webhooks, signed, through the gateway";
    }

    @Override
    public List<Line> measure(Bed bed) throws Exception {
        Api simulators = new Api(bed.stack().simulatorsUrl());
        String plan = publish(bed);
        List<Round> rounds = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            Account account = bed.signUp();
            pay(checkout(bed, account, plan));
            events.add(subscription(bed, account));
        }
        // The simulator keeps silent from now on: every webhook is one of those that are measured.
        simulators.send("PUT", "/_control/faults/stripe-webhooks", null, Map.of("drop", 1_000_000));
        try {
            new Load(new Webhooks(port(bed), events))
                    .open(RATE, 5 * bed.effort().warm());
            awaitDrained(bed);
            for (int i = 0; i < bed.effort().rounds(); i++) {
                rounds.add(round(bed, plan, events));
            }
        } finally {
            simulators.send("DELETE", "/_control/faults/stripe-webhooks", null, null);
        }
        return lines(rounds);
    }

    private static List<Line> lines(List<Round> rounds) {
        Samples control = Samples.of(rounds, round -> round.inserts().millis(0.5));
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                RATE + "/s: accepted a second",
                "/s",
                Samples.of(rounds, round -> round.webhooks().perSecond()),
                Goal.atLeast(0.98 * RATE)));
        lines.add(new Line(
                "accepted with commit, from when it was due: p99",
                "ms",
                Samples.of(rounds, round -> round.webhooks().millis(0.99)),
                Goal.atMost(100)));
        lines.add(Line.plain("accepted with commit: p50", "ms", Samples.of(rounds, round -> round.webhooks()
                .millis(0.5))));
        lines.add(new Line(
                "webhooks that were refused or lost",
                "",
                Samples.of(rounds, round -> round.webhooks().errors()),
                Goal.neverAbove(0)));
        lines.add(new Line(
                "from the answer until policy allows what was paid for: slowest of " + PROBES,
                "s",
                Samples.of(rounds, round -> Samples.of(round.effective()).max()),
                Goal.neverAbove(2)));
        lines.add(Line.plain(
                "the same: median of " + PROBES, "s", Samples.of(rounds, round -> Samples.of(round.effective())
                        .median())));
        lines.add(Line.plain(
                "after the last webhook, until the inbox is empty", "s", Samples.of(rounds, Round::drained)));
        lines.add(Line.plain("the database alone, the same insert at " + RATE + "/s: p50", "ms", control));
        lines.add(Line.plain("the database alone: p99", "ms", Samples.of(rounds, round -> round.inserts()
                .millis(0.99))));
        lines.add(Line.plain(
                "a webhook against its insert: p50",
                "ratio",
                Samples.of(
                        rounds,
                        round -> round.webhooks().millis(0.5) / round.inserts().millis(0.5))));
        lines.add(Line.plain(
                "a webhook against its insert: p99",
                "ratio",
                Samples.of(
                        rounds,
                        round -> round.webhooks().millis(0.99) / round.inserts().millis(0.99))));
        return lines;
    }

    private Round round(Bed bed, String plan, List<String> events) throws Exception {
        int seconds = 4 * bed.effort().seconds();
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < PROBES; i++) {
            Account account = bed.signUp();
            String url = checkout(bed, account, plan);
            pay(url);
            probes.add(new Probe(bed.askingPolicy(account), url.substring(url.lastIndexOf('/') + 1)));
        }
        Load.Result webhooks;
        double[] effective = new double[PROBES];
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> probing = thread.submit(() -> {
                for (int i = 0; i < PROBES; i++) {
                    TimeUnit.MILLISECONDS.sleep(1000L * seconds / (PROBES + 1));
                    effective[i] = effective(bed, probes.get(i));
                }
                return true;
            });
            webhooks = new Load(new Webhooks(port(bed), events)).open(RATE, seconds);
            double drained = awaitDrained(bed);
            probing.get();
            return new Round(webhooks, drained, effective, inserts(bed, events, seconds));
        }
    }

    /** Somebody who has paid, which nobody has told us yet. */
    private record Probe(String token, String session) {}

    /** Tells of a payment, and asks policy-service until it knows; in seconds. */
    private static double effective(Bed bed, Probe probe) throws IOException, GeneralSecurityException {
        String event = "{\"id\":\"evt_" + UUID.randomUUID()
                + "\",\"object\":\"event\",\"type\":\"checkout.session.completed\",\"data\":{\"object\":{\"id\":\""
                + probe.session() + "\",\"object\":\"checkout.session\"}}}";
        try (Connection gateway = new Connection(port(bed));
                Connection policy = new Connection(bed.stack().ports().of(Part.POLICY_SERVICE))) {
            if (isAllowed(policy, probe)) {
                throw new IOException("policy allows what is not told yet");
            }
            if (gateway.call(signed(event)) != 200) {
                throw new IOException("the webhook was not accepted");
            }
            long answered = System.nanoTime();
            while (!isAllowed(policy, probe)) {
                if (System.nanoTime() - answered > TimeUnit.SECONDS.toNanos(30)) {
                    throw new IOException("policy still does not allow what was paid for");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            return (System.nanoTime() - answered) / 1e9;
        }
    }

    /** Only the plan that is paid for has this channel. */
    private static boolean isAllowed(Connection policy, Probe probe) throws IOException {
        byte[] question = Api.post(
                "/internal/decisions",
                probe.token(),
                "{\"operation_id\":\"" + UUID.randomUUID()
                        + "\",\"agent\":\"concierge\",\"channel\":\"telegram\",\"hold\":false,"
                        + "\"estimate\":{\"message\":1}}");
        policy.call(question);
        return JSON.readTree(policy.body()).path("allow").asBoolean();
    }

    private static String publish(Bed bed) throws IOException, InterruptedException {
        String code = "webhook-" + UUID.randomUUID().toString().substring(0, 8);
        bed.api()
                .send(
                        "POST",
                        "/api/v1/admin/plans",
                        bed.staff(),
                        Map.of(
                                "code",
                                code,
                                "name",
                                "Bench",
                                "price",
                                Map.of("amount", 10_000, "currency", "INR"),
                                "interval",
                                "month",
                                "credits",
                                1_000,
                                "rates",
                                Map.of("message", Map.of("credits", 1, "per", 1)),
                                "agents",
                                List.of("concierge"),
                                "channels",
                                List.of("web", "telegram"),
                                "overage",
                                Map.of("mode", "block")));
        return code;
    }

    private static String checkout(Bed bed, Account account, String plan) throws IOException, InterruptedException {
        String back = bed.stack().publicUrl() + "/console/";
        return bed.api()
                .send(
                        "POST",
                        "/api/v1/checkout",
                        account.token(),
                        Map.of("plan", plan, "provider", "stripe", "success_url", back, "cancel_url", back))
                .path("url")
                .asText();
    }

    private void pay(String url) throws IOException, InterruptedException {
        HttpRequest paying = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("action=pay&card=4242&email=bench%40example.com"))
                .build();
        int status = browser.send(paying, BodyHandlers.discarding()).statusCode();
        if (status >= 400) {
            throw new IOException("the page to pay on answered " + status);
        }
    }

    /** Waits for an account's subscription and returns it as Stripe sends it. */
    private static String subscription(Bed bed, Account account) throws IOException, InterruptedException {
        String id = null;
        for (int tries = 0; id == null && tries < 300; tries++) {
            TimeUnit.MILLISECONDS.sleep(100);
            id = value(
                    bed,
                    "select provider_subscription_id from app.subscription where tenant_id = '" + account.tenantId()
                            + "'");
        }
        if (id == null) {
            throw new IOException("nobody told of a payment");
        }
        JsonNode subscription = new Api(bed.stack().simulatorsUrl())
                .send("GET", "/stripe/v1/subscriptions/" + id, "sk_test_parley_local", null);
        return subscription.toString();
    }

    private static String value(Bed bed, String query) throws IOException {
        try (java.sql.Connection connection = bed.database("billing");
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException broken) {
            throw new IOException(broken);
        }
    }

    private static double awaitDrained(Bed bed) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!"0".equals(value(bed, "select count(*) from app.provider_event where state = 'received'"))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static int port(Bed bed) {
        return bed.stack().ports().of(Part.GATEWAY);
    }

    /** A new event with every request, about the subscription of each tenant in turn, signed when it is sent. */
    private record Webhooks(int port, List<String> subscriptions) implements Load.Target {
        @Override
        public byte[] request(int lane) {
            try {
                return signed(event(subscriptions.get(Math.floorMod(lane, subscriptions.size()))));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private static String event(String subscription) {
        return "{\"id\":\"evt_" + UUID.randomUUID()
                + "\",\"object\":\"event\",\"api_version\":\"2026-06-24.dahlia\",\"created\":"
                + System.currentTimeMillis() / 1000
                + ",\"livemode\":false,\"pending_webhooks\":1,\"type\":\"customer.subscription.updated\","
                + "\"data\":{\"object\":" + subscription + "}}";
    }

    private static byte[] signed(String event) throws GeneralSecurityException {
        long now = System.currentTimeMillis() / 1000;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((now + ".").getBytes(StandardCharsets.UTF_8));
        String signature = HexFormat.of().formatHex(mac.doFinal(event.getBytes(StandardCharsets.UTF_8)));
        return Api.post("/webhooks/stripe", null, event, "Stripe-Signature: t=" + now + ",v1=" + signature);
    }

    /** The inserts of the same events at the same rate, over warm connections, each a commit; what is stored goes again. */
    private static Load.Result inserts(Bed bed, List<String> subscriptions, int seconds) throws SQLException {
        BlockingQueue<Insert> idle = new LinkedBlockingQueue<>();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicInteger errors = new AtomicInteger();
        for (int i = 0; i < TENANTS; i++) {
            idle.add(new Insert(bed.database("billing")));
        }
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RATE * seconds; i++) {
                String event = event(subscriptions.get(i % TENANTS));
                long due = start + i * (TimeUnit.SECONDS.toNanos(1) / RATE);
                LockSupport.parkNanos(due - System.nanoTime());
                threads.execute(() -> {
                    try {
                        // No more connections than a service's pool has: who finds none free waits.
                        Insert insert = idle.take();
                        try {
                            insert.run(event);
                            latencies.add(System.nanoTime() - due);
                        } finally {
                            idle.add(insert);
                        }
                    } catch (SQLException | InterruptedException broken) {
                        errors.incrementAndGet();
                    }
                });
            }
        }
        long nanos = System.nanoTime() - start;
        for (Insert insert : idle) {
            insert.connection.close();
        }
        try (java.sql.Connection connection = bed.database("billing");
                Statement sql = connection.createStatement()) {
            sql.execute("delete from app.provider_event where provider = 'bench'");
        }
        if (errors.get() > 0) {
            throw new IllegalStateException("the database refused");
        }
        return Load.Result.of(latencies, 0, nanos);
    }

    private static final class Insert {
        private final java.sql.Connection connection;
        private final PreparedStatement statement;

        Insert(java.sql.Connection connection) throws SQLException {
            this.connection = connection;
            this.statement = connection.prepareStatement("""
                insert into app.provider_event
                    (provider, account, event_id, type, object_kind, object_id, body, headers, state)
                values ('bench', '', ?, 'customer.subscription.updated', 'subscription', 'sub_bench', ?,
                    '{"content-type":"application/json"}', 'ignored')
                on conflict (provider, account, event_id) do nothing\
                """);
        }

        void run(String event) throws SQLException {
            statement.setString(1, "evt_" + UUID.randomUUID());
            statement.setBytes(2, event.getBytes(StandardCharsets.UTF_8));
            statement.executeUpdate();
        }
    }
}
