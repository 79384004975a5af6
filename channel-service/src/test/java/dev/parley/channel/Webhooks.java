package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.member;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import dev.parley.testing.SealedEvents;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A partner with a system that is told things, and services that tell. */
final class Webhooks implements AutoCloseable {
    private static final String MESSAGES = "channel.message.events";

    /** What came in, in its order. */
    final List<Received> received = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private volatile Answering answering = call -> new Answer(200, Map.of());

    private Webhooks(HttpServer server) {
        this.server = server;
    }

    record Received(Instant at, HttpHeaders headers, String body) {
        String id() {
            return headers.firstValue("webhook-id").orElseThrow();
        }
    }

    record Answer(int status, Map<String, String> headers) {}

    interface Answering {
        Answer to(Received call);
    }

    static Webhooks listening() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            Webhooks partner = new Webhooks(server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", partner::serve);
            server.start();
            return partner;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Received call = new Received(
                    Instant.now(),
                    HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            received.add(call);
            Answer answer = answering.to(call);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] body = ("answer " + answer.status()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    Webhooks answering(Answering to) {
        answering = to;
        return this;
    }

    Webhooks answering(int status) {
        return answering(call -> new Answer(status, Map.of()));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/parley";
    }

    /** Adds this as an endpoint for all events. */
    JsonPath endpoint(TenantId tenant, Object... more) {
        Map<String, Object> request = new HashMap<>(Map.of("url", url(), "events", List.of("*")));
        for (int i = 0; i < more.length; i += 2) {
            request.put((String) more[i], more[i + 1]);
        }
        return admin(tenant)
                .body(request)
                .post("/api/v1/webhook-endpoints")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    static String path(String endpoint) {
        return "/api/v1/webhook-endpoints/" + endpoint;
    }

    /** Sends a test event and returns its delivery. */
    static String test(TenantId tenant, String endpoint) {
        return admin(tenant)
                .post(path(endpoint) + "/test")
                .then()
                .statusCode(202)
                .extract()
                .path("delivery_id");
    }

    static JsonPath delivery(TenantId tenant, String endpoint, String delivery) {
        return member(tenant)
                .get(path(endpoint) + "/deliveries/" + delivery)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    static String state(TenantId tenant, String endpoint, String delivery) {
        return delivery(tenant, endpoint, delivery).getString("state");
    }

    static List<String> deliveries(TenantId tenant, String endpoint, String state) {
        return member(tenant)
                .get(path(endpoint) + "/deliveries?limit=200&state=" + state)
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    /** Messages of one conversation came in, as channel-service tells it. */
    static List<String> messages(TenantId tenant, int count) {
        List<String> ids =
                IntStream.range(0, count).mapToObj(i -> Ids.next().toString()).toList();
        publish(tenant, ids);
        return ids;
    }

    /** Publishes an event of each id, all in one conversation. */
    static void publish(TenantId tenant, List<String> ids) {
        UUID conversation = Ids.next();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            ids.forEach(id -> producer.send(message(tenant, conversation, id)));
        }
    }

    /** Publishes an event of another service, and returns its id. */
    static String publish(TenantId tenant, String topic, String type, String payload) {
        String id = Ids.next().toString();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(sealed(tenant, topic, type, id, id, payload));
        }
        return id;
    }

    private static ProducerRecord<String, byte[]> message(TenantId tenant, UUID conversation, String id) {
        String payload = """
                {"message_id":"%s","conversation_id":"%s","operation_id":"%s","channel":"telegram","agent":"concierge",
                 "direction":"out","at":"%s"}
                """.formatted(Ids.next(), conversation, Ids.next(), Instant.now());
        return sealed(tenant, MESSAGES, "channel.message-sent.v1", conversation.toString(), id, payload);
    }

    private static ProducerRecord<String, byte[]> sealed(
            TenantId tenant, String topic, String type, String subject, String id, String payload) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(topic, subject, payload.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_type",
                        type,
                        "ce_source",
                        "/test",
                        "ce_subject",
                        subject,
                        "ce_time",
                        Instant.now().toString(),
                        "ce_tenantid",
                        tenant.toString())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return SealedEvents.sealed(message);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
