package dev.parley.auth;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import dev.parley.testing.SealedEvents;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the ITs tell their stories with: people, keys, the fake Keycloak's switches and the database's superuser. */
public final class Story {
    public static final String PASSWORD = "a quiet harbour 7";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Story() {}

    /** A person with an account of its own. */
    public record Person(String email, String userId, String tenantId, String accessToken, String refreshToken) {}

    public static String freshEmail() {
        return "p" + UUID.randomUUID() + "@example.test";
    }

    public static Response signUp(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password, "name", "Asha Rao", "organization", "Rao & Sons"))
                .post("/api/v1/auth/signup");
    }

    public static Person newcomer() {
        return newcomer(freshEmail());
    }

    public static Person newcomer(String email) {
        Response answer = signUp(email, PASSWORD);
        answer.then().statusCode(201);
        return new Person(
                email,
                answer.path("user_id"),
                answer.path("tenant_id"),
                answer.path("access_token"),
                answer.path("refresh_token"));
    }

    /** A person with an account of its own, whose address Keycloak knows to be proven. */
    public static Person provenNewcomer() {
        Person person = newcomer();
        keycloak("verify", Map.of("email", person.email()));
        return person;
    }

    /** A new access token of a person. */
    public static String login(String email) {
        return login(email, PASSWORD);
    }

    /** A new access token of a person who has another password. */
    public static String login(String email, String password) {
        Response answer = given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/auth/login");
        answer.then().statusCode(200);
        return answer.path("access_token");
    }

    public static Response exchange(String kind, String credential, String tenantId) {
        ObjectNode body = FakeKeycloak.JSON.createObjectNode();
        body.put("service", "gateway")
                .put("secret", "gateway-secret")
                .put("kind", kind)
                .put("credential", credential);
        if (tenantId != null) {
            body.put("tenant_id", tenantId);
        }
        return given().contentType(ContentType.JSON).body(body.toString()).post("/internal/context-exchanges");
    }

    /** A request with the tenant context that the gateway would attach. */
    public static RequestSpecification as(Person person) {
        return as(person, null);
    }

    public static RequestSpecification as(Person person, String tenantId) {
        Response answer = exchange("bearer", person.accessToken(), tenantId);
        answer.then().statusCode(200);
        return with(answer.path("token"));
    }

    public static RequestSpecification with(String context) {
        return given().contentType(ContentType.JSON).header("Authorization", "Bearer " + context);
    }

    /** Makes a person a member of another's tenant, by the database. */
    public static void member(Person owner, Person guest, String role) {
        sql("insert into app.membership (tenant_id, user_id, role, created_by) values ('%s', '%s', '%s', 'test')"
                .formatted(owner.tenantId(), guest.userId(), role));
    }

    /** The context of another service for a tenant. */
    public static String service(String tenantId) {
        return given().contentType(ContentType.JSON)
                .body(Map.of(
                        "service",
                        "policy-service",
                        "secret",
                        "policy-secret",
                        "tenant_id",
                        tenantId,
                        "audience",
                        "auth-service"))
                .post("/internal/service-contexts")
                .path("token");
    }

    public static Person staff() {
        String email = "staff" + UUID.randomUUID() + "@example.test";
        keycloak("user", Map.of("email", email, "password", PASSWORD));
        Response answer = given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", PASSWORD))
                .post("/api/v1/auth/login");
        answer.then().statusCode(200);
        return new Person(email, null, null, answer.path("access_token"), answer.path("refresh_token"));
    }

    /** Says what the fake policy-service knows of a tenant. */
    public static void policy(String tenantId, Map<String, Object> terms) {
        keycloak("policy/" + tenantId, terms);
    }

    /** What the fake policy-service was asked about a tenant: what there is of which stock, question by question. */
    public static List<String> askedPolicy(String tenantId) {
        JsonNode asked = control("policy/" + tenantId, "");
        return StreamSupport.stream(asked.spliterator(), false)
                .map(question -> question.path("estimate").toString())
                .toList();
    }

    public static JsonNode keycloak(String action, Object body) {
        try {
            return control(action, FakeKeycloak.JSON.writeValueAsString(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode control(String action, String body) {
        try {
            String url = ConfigProvider.getConfig().getValue("auth.keycloak.url", String.class);
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/control/" + action))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return FakeKeycloak.JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static int counter(String name) {
        return keycloak("counters", Map.of()).path(name).asInt();
    }

    /** One value, read or written as the superuser, past every policy. */
    public static String sql(String statement) {
        try (Connection connection = superuser();
                Statement work = connection.createStatement()) {
            if (!work.execute(statement)) {
                return String.valueOf(work.getUpdateCount());
            }
            ResultSet rows = work.getResultSet();
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    /** The tables that hold a text anywhere in a row. */
    public static List<String> tablesContaining(String text) {
        try (Connection connection = superuser();
                Statement work = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            ResultSet rows = work.executeQuery(
                    "select relname from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'");
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables.stream()
                    .filter(table -> sql("select count(*) from app." + table + " r where position('" + text
                                            + "' in r::text) > 0")
                                    .compareTo("0")
                            > 0)
                    .toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Connection superuser() throws SQLException {
        String url = ConfigProvider.getConfig().getValue("PARLEY_DB_URL", String.class);
        return DriverManager.getConnection(url + "?currentSchema=app", "postgres", "postgres");
    }

    /** The payloads of a tenant's events of one type, as they stand in Kafka. */
    public static List<String> events(String tenantId, String type) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                "key.deserializer", StringDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class);
        List<String> payloads = new ArrayList<>();
        KeysetHandle key = eventKey(tenantId);
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = reader.partitionsFor("auth.tenant.events").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                reader.poll(Duration.ofMillis(200)).forEach(record -> {
                    boolean wanted =
                            type.equals(header(record, "ce_type")) && tenantId.equals(header(record, "ce_tenantid"));
                    if (wanted) {
                        payloads.add(new String(SealedEvents.open(record, key), StandardCharsets.UTF_8));
                    }
                });
            }
        }
        return payloads;
    }

    /** The key that seals a tenant's events, as services get it. */
    public static KeysetHandle eventKey(String tenantId) {
        String keyset = with(service(tenantId))
                .get("/internal/event-keys/" + tenantId)
                .then()
                .statusCode(200)
                .extract()
                .path("keyset");
        try {
            return TinkProtoKeysetFormat.parseKeyset(Base64.getDecoder().decode(keyset), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    public static void await(String what, BooleanSupplier condition) {
        Instant giveUp = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(giveUp)) {
                throw new AssertionError(what + " did not happen in time");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
