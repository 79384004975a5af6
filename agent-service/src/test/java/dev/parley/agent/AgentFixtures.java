package dev.parley.agent;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.SealedEvents;
import dev.parley.testing.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the integration tests do again and again. */
public final class AgentFixtures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AgentFixtures() {}

    /** A tenant that nobody else uses. */
    public static TenantId aTenant() {
        return new TenantId(UUID.randomUUID());
    }

    /** A slug that nobody else uses. */
    public static String aSlug(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 13);
    }

    /** A text that nobody else sends; its first word tells the fake LLM how to behave. */
    public static String aText(String mode) {
        return mode + " " + UUID.randomUUID();
    }

    /** A request of platform staff. */
    public static RequestSpecification admin() {
        return given().auth().oauth2(TestTokens.platformAdmin()).contentType(ContentType.JSON);
    }

    /** A request of channel-service for a tenant. */
    public static RequestSpecification service(TenantId tenant) {
        return given().auth()
                .oauth2(TestTokens.service(tenant, "channel-service"))
                .contentType(ContentType.JSON);
    }

    /** Adds an agent and returns its id. */
    public static String createAgent(String slug) {
        return admin().body(Map.of("slug", slug, "name", "Name of " + slug, "description", "Says things"))
                .post("/api/v1/admin/agents")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Adds a draft and returns its number. */
    public static int draft(String agentId, Map<String, ?> content) {
        return admin().body(content)
                .post("/api/v1/admin/agents/{id}/prompt-versions", agentId)
                .then()
                .statusCode(201)
                .extract()
                .path("number");
    }

    /** Activates a version. */
    public static void activate(String agentId, int number) {
        admin().post("/api/v1/admin/agents/{id}/prompt-versions/{n}/activation", agentId, number)
                .then()
                .statusCode(200);
    }

    /** Adds an agent with one active version and returns its slug. */
    public static String readyAgent(Map<String, ?> content) {
        String slug = aSlug("ready");
        String id = createAgent(slug);
        activate(id, draft(id, content));
        return slug;
    }

    /** Adds an agent on the provider from the environment. */
    public static String readyAgent() {
        return readyAgent(Map.of("system_prompt", "You are kind.", "provider", "default"));
    }

    /** The body of a run request with one user message. */
    public static Map<String, Object> run(String agent, String text) {
        Map<String, Object> body = new HashMap<>();
        body.put("operation_id", UUID.randomUUID().toString());
        body.put("conversation_id", UUID.randomUUID().toString());
        body.put("agent", agent);
        body.put("channel", "web");
        body.put("messages", List.of(Map.of("role", "user", "content", text)));
        body.put("hold", "opaque." + body.get("operation_id"));
        body.put("limits", Map.of("max_input_tokens", 4000, "max_output_tokens", 500));
        return body;
    }

    /** Asks for a run. */
    public static Response post(TenantId tenant, Map<String, Object> body) {
        return service(tenant).accept(ContentType.JSON).body(body).post("/internal/runs");
    }

    /** What the fake LLM saw of a message. */
    public static JsonNode seen(String text) {
        String url = ConfigProvider.getConfig().getValue("fake.url", String.class);
        return read(given().queryParam("text", text).get(url + "/log").asString());
    }

    /** Has the fake answer a text that it holds back, as soon as it was asked that. */
    public static void answerNow(String text) {
        String url = ConfigProvider.getConfig().getValue("fake.url", String.class);
        eventually(() -> given().queryParam("text", text).get(url + "/open").statusCode(), status -> status == 204);
    }

    /** Takes the features of a tenant's plan away, or gives them back. */
    public static void plan(TenantId tenant, boolean features) {
        String url = ConfigProvider.getConfig().getValue("fake.url", String.class);
        given().queryParams(
                        features ? Map.of("tenant", tenant.toString()) : Map.of("tenant", tenant.toString(), "on", "1"))
                .get(url + "/plain")
                .then()
                .statusCode(200);
    }

    /** Sends an event of another service, sealed as it would be. */
    public static void publish(UUID id, String topic, String type, TenantId tenant, Map<String, ?> payload) {
        ProducerRecord<String, byte[]> plain;
        try {
            plain = new ProducerRecord<>(topic, tenant.toString(), JSON.writeValueAsBytes(payload));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id.toString(),
                        "ce_type",
                        type,
                        "ce_source",
                        "/test",
                        "ce_subject",
                        id.toString(),
                        "ce_time",
                        "2026-01-01T00:00:00Z",
                        "ce_tenantid",
                        tenant.toString())
                .forEach((name, value) -> plain.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        String broker = ConfigProvider.getConfig().getValue("PARLEY_KAFKA_BOOTSTRAP", String.class);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(SealedEvents.sealed(plain)).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Parses JSON. */
    public static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** Opens the database as the superuser, for checks only. */
    public static Connection superuser() throws SQLException {
        String url = ConfigProvider.getConfig().getValue("PARLEY_DB_URL", String.class);
        return DriverManager.getConnection(url + "?currentSchema=app", "postgres", "postgres");
    }

    /** Opens the database as the service does. */
    public static Connection appRole() throws SQLException {
        String url = ConfigProvider.getConfig().getValue("PARLEY_DB_URL", String.class);
        return DriverManager.getConnection(
                url + "?currentSchema=app",
                ConfigProvider.getConfig().getValue("PARLEY_DB_APP_USER", String.class),
                ConfigProvider.getConfig().getValue("PARLEY_DB_APP_PASSWORD", String.class));
    }

    /** Runs one statement with parameters as the superuser. */
    public static int execute(String sql, Object... parameters) {
        try (Connection connection = superuser();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The first column of the first row, as the superuser sees it; null when there is none. */
    public static String value(String sql, Object... parameters) {
        try (Connection connection = superuser();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Looks again and again until what is seen is as wanted; fails after a minute. */
    public static <T> T eventually(Supplier<T> look, Predicate<T> wanted) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            T seen = look.get();
            if (wanted.test(seen)) {
                return seen;
            }
            if (System.nanoTime() > until) {
                throw new AssertionError("not seen in time; last: " + seen);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /** All events of a topic that fit, read from Kafka until there is one and then a little longer; empty after a minute. */
    public static List<ConsumerRecord<String, String>> events(
            String topic, Predicate<ConsumerRecord<String, String>> wanted) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", ConfigProvider.getConfig().getValue("PARLEY_KAFKA_BOOTSTRAP", String.class));
        settings.put("group.id", "test-" + UUID.randomUUID());
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        // The relay may send an event again, under the same id (ADR 0003).
        Set<String> known = new HashSet<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (System.nanoTime() < until) {
                int before = found.size();
                consumer.poll(Duration.ofMillis(300)).forEach(message -> {
                    ConsumerRecord<String, String> event = new ConsumerRecord<>(
                            message.topic(),
                            message.partition(),
                            message.offset(),
                            message.key(),
                            new String(SealedEvents.open(message), StandardCharsets.UTF_8));
                    message.headers().forEach(event.headers()::add);
                    String id = new String(message.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
                    if (wanted.test(event) && known.add(id)) {
                        found.add(event);
                    }
                });
                if (!found.isEmpty() && found.size() == before) {
                    break;
                }
            }
        }
        return found;
    }
}
