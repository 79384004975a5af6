package dev.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.event.EventCodec;
import dev.parley.platform.event.EventCodec.Envelope;
import dev.parley.platform.event.KafkaSettings;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedEvents;
import dev.parley.testing.TestTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the integration tests do to policy-service from outside: events in, HTTP calls, events out, and the checker. */
@ApplicationScoped
public class PolicyStory {
    public static final String RATES_MESSAGE = "{\"message\":{\"credits\":1,\"per\":1}}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper;
    private final EventCodec codec;
    private final EventKeys keys;
    private final KafkaProducer<String, byte[]> producer;
    private final Map<TenantId, String> serviceTokens = new ConcurrentHashMap<>();

    PolicyStory(ObjectMapper mapper, EventCodec codec, EventKeys keys, KafkaSettings kafka) {
        this.mapper = mapper;
        this.codec = codec;
        this.keys = keys;
        this.producer = kafka.producer();
    }

    public record Answer(int status, JsonNode body, String retryAfter) {
        public String text(String member) {
            return body.path(member).asText();
        }

        public long number(String member) {
            return body.path(member).asLong();
        }
    }

    public static TenantId newTenant() {
        return new TenantId(Ids.next());
    }

    // --- events in ---

    public UUID publish(TenantId tenant, String topic, String type, String payload) {
        UUID id = Ids.next();
        publish(id, tenant, topic, type, payload);
        return id;
    }

    public void publish(UUID id, TenantId tenant, String topic, String type, String payload) {
        publish(id, tenant, topic, type, payload, Instant.now());
    }

    /** As if it had happened then. */
    public void publish(TenantId tenant, String topic, String type, String payload, Instant at) {
        publish(Ids.next(), tenant, topic, type, payload, at);
    }

    private void publish(UUID id, TenantId tenant, String topic, String type, String payload, Instant at) {
        producer.send(codec.encode(
                new Envelope(
                        id, tenant.value(), topic, tenant.toString(), type, tenant.toString(), payload, null, null, at),
                keys.of(tenant)));
        producer.flush();
    }

    public void subscription(TenantId tenant, String type, String payload) {
        publish(tenant, "billing.subscription.events", "billing." + type + ".v1", payload);
    }

    public static String change(long version, String status, String entitlement) {
        return """
                {"version":%d,"status":"%s","plan":"starter","plan_version":2,"provider":"stripe",\
                "current_period_start":"2026-11-01T00:00:00Z","current_period_end":"2026-12-01T00:00:00Z",\
                "cancel_at_period_end":false,"trial_end":null,"entitlement":%s}""".formatted(version, status, entitlement);
    }

    public static String entitlement(String rates, String quotas, String overage) {
        return """
                {"agents":["concierge","support"],"channels":["web","api"],"rates":%s,"quotas":%s,"overage":%s,"credits":100}""".formatted(rates, quotas, overage);
    }

    public static String grant(UUID lot, long credits, Instant expiresAt) {
        return "{\"lot_id\":\"%s\",\"source\":\"plan\",\"credits\":%d,\"expires_at\":%s}"
                .formatted(lot, credits, expiresAt == null ? "null" : "\"" + expiresAt + "\"");
    }

    /** A tenant with an active subscription, one credit a message, and one lot. */
    public TenantId subscribed(long credits) {
        return subscribed(credits, entitlement(RATES_MESSAGE, "{}", "{\"mode\":\"block\"}"));
    }

    public TenantId subscribed(long credits, String entitlement) {
        TenantId tenant = newTenant();
        subscription(tenant, "subscription-changed", change(1, "active", entitlement));
        if (credits > 0) {
            subscription(tenant, "credits-granted", grant(UUID.randomUUID(), credits, null));
        }
        awaitEntitlement(tenant, 1, credits);
        return tenant;
    }

    public void awaitEntitlement(TenantId tenant, long version, long remaining) {
        await(() -> {
            Answer answer = get(tenant, "/internal/entitlements");
            return answer.status() == 200
                    && answer.number("version") == version
                    && answer.number("remaining") == remaining;
        });
    }

    // --- calls ---

    public Answer decide(TenantId tenant, UUID operation) {
        return decide(tenant, operation, "concierge", "web", "{\"message\":1}");
    }

    public Answer decide(TenantId tenant, UUID operation, String agent, String channel, String estimate) {
        return post(tenant, "/internal/decisions", """
                {"operation_id":"%s","agent":"%s","channel":"%s","user_id":"u1","estimate":%s,"hold":true}""".formatted(operation, agent, channel, estimate));
    }

    public Answer settle(TenantId tenant, UUID operation, String quantities) {
        return post(tenant, "/internal/holds/" + operation + "/settlement", """
                {"quantities":%s,"estimated":false,"agent":"concierge","channel":"web"}""".formatted(quantities));
    }

    public Answer settle(TenantId tenant, UUID operation, String quantities, String hold) {
        return post(tenant, "/internal/holds/" + operation + "/settlement", """
                {"quantities":%s,"estimated":false,"agent":"concierge","channel":"web","hold":"%s"}""".formatted(quantities, hold));
    }

    public Answer release(TenantId tenant, UUID operation) {
        return post(tenant, "/internal/holds/" + operation + "/release", "{\"reason\":\"provider failed\"}");
    }

    /** Does the calls at the same moment, while another transaction has the tenant's balance locked. */
    public static List<Answer> whileLocked(TenantId tenant, List<Callable<Answer>> calls) throws Exception {
        try (Connection other = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                PreparedStatement lock =
                        other.prepareStatement("select 1 from credit_account where tenant_id = ? for update")) {
            other.setAutoCommit(false);
            lock.setObject(1, tenant.value());
            lock.execute();
            try {
                return atOnce(calls.size(), calls);
            } finally {
                other.rollback();
            }
        }
    }

    public Answer credits(TenantId tenant) {
        return call("GET", "/api/v1/credits", TestTokens.member(tenant, "member"), null);
    }

    public Answer get(TenantId tenant, String path) {
        return call("GET", path, serviceToken(tenant), null);
    }

    public Answer post(TenantId tenant, String path, String body) {
        return call("POST", path, serviceToken(tenant), body);
    }

    public Answer call(String method, String path, String token, String body) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", int.class);
        int actual = port == 0 ? ConfigProvider.getConfig().getValue("quarkus.http.port", int.class) : port;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + actual + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode json = answer.body().isEmpty() ? mapper.createObjectNode() : mapper.readTree(answer.body());
            return new Answer(
                    answer.statusCode(),
                    json,
                    answer.headers().firstValue("Retry-After").orElse(null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String serviceToken(TenantId tenant) {
        return serviceTokens.computeIfAbsent(tenant, id -> TestTokens.service(id, "channel-service"));
    }

    /** Runs the calls at the same moment on that many threads and returns their answers. */
    public static <T> List<T> atOnce(int threads, List<Callable<T>> calls) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> call : calls) {
                running.add(pool.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
            List<T> answers = new ArrayList<>();
            for (Future<T> one : running) {
                answers.add(one.get());
            }
            return answers;
        }
    }

    // --- events out ---

    /** The payloads of policy's events of that type about that tenant, once there are at least so many. */
    public List<JsonNode> published(TenantId tenant, String type, int atLeast) {
        return published(tenant, "policy.usage.events", type, atLeast);
    }

    /** The reasons of the entries about that action in the tenant's trail, once there is one. */
    public List<String> auditReasons(TenantId tenant, String action) {
        return published(tenant, "platform.audit.events", "platform.audit-recorded.v1", 1).stream()
                .filter(entry -> entry.path("action").asText().equals(action))
                .map(entry -> entry.path("reason").asText())
                .toList();
    }

    private List<JsonNode> published(TenantId tenant, String topic, String type, int atLeast) {
        List<JsonNode> found = new ArrayList<>();
        await(() -> {
            found.clear();
            found.addAll(publishedNow(tenant, topic, type));
            return found.size() >= atLeast;
        });
        return found;
    }

    private List<JsonNode> publishedNow(TenantId tenant, String topic, String type) throws IOException {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap());
        List<JsonNode> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (var message : consumer.poll(Duration.ofMillis(200))) {
                    String header =
                            new String(message.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8);
                    if (message.key().equals(tenant.toString()) && header.equals(type)) {
                        found.add(mapper.readTree(SealedEvents.open(message)));
                    }
                }
            }
        }
        return found;
    }

    // --- the checker, as superuser ---

    /** Runs a query or an update on the database of the service and returns the first column of the first row. */
    public static long sql(String sql, Object... parameters) {
        try (Connection connection = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until that many decisions of the tenant are logged: those from memory are a moment later. */
    public static void awaitLogged(TenantId tenant, int decisions) {
        await(() -> sql("select count(*) from decision where tenant_id = ?", tenant.value()) == decisions);
    }

    /** The balance agrees with lots and holds, and no hold is older than its life. */
    public static void check(TenantId tenant) {
        assertThat(sql("""
                select available - (select coalesce(sum(remaining), 0) from credit_lot l
                                     where l.tenant_id = a.tenant_id and closed_at is null) + drawn
                  from credit_account a where tenant_id = ?""", tenant.value())).as("balance without lots").isZero();
        assertThat(sql("""
                select held - (select coalesce(sum(credits), 0) from hold h where h.tenant_id = a.tenant_id and state = 'held')
                  from credit_account a where tenant_id = ?""", tenant.value())).as("held without holds").isZero();
        assertThat(sql("""
                select leased - (select coalesce(sum(credits), 0) from credit_lease e where e.tenant_id = a.tenant_id)
                  from credit_account a where tenant_id = ?""", tenant.value())).as("leased without leases").isZero();
    }

    public static void await(Callable<Boolean> condition) {
        Instant end = Instant.now().plusSeconds(60);
        try {
            while (!condition.call()) {
                assertThat(Instant.now()).as("waited 60 s").isBefore(end);
                Thread.sleep(25);
            }
        } catch (AssertionError e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
