package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A partner's own system is told what happens, and verifies it with the official library. */
@Order(32)
class WebhookStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer system;

    private record Told(HttpHeaders headers, String body) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void listen() throws IOException {
        system = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        system.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        system.createContext("/parley", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                told.add(new Told(
                        HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true),
                        new String(body, StandardCharsets.UTF_8)));
                exchange.sendResponseHeaders(status, -1);
            }
        });
        system.start();
    }

    @AfterEach
    void stop() {
        system.stop(0);
    }

    @Test
    void aCustomerWritesAndThePartnersSystemIsToldAndVerifies() throws Exception {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        String botToken = Simulators.botToken();
        customer.connectBot(botToken);
        Api key = Api.key(customer.api()
                .post("/api/v1/api-keys", Map.of("name", "crm", "scopes", List.of("read", "write")))
                .expect(201)
                .text("key"));
        Answer endpoint = key.post(
                        "/api/v1/webhook-endpoints",
                        Map.of("url", url(), "events", List.of("message.received", "message.sent")))
                .expect(201);
        String secret = endpoint.text("secret");
        String path = "/api/v1/webhook-endpoints/" + endpoint.text("id");

        Simulators.writeToBot(botToken, ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000), "Do you deliver?");

        Eventually.passes(SOON, () -> assertThat(told)
                .extracting(each -> each.json().path("type").asText())
                .containsExactlyInAnyOrder("message.received", "message.sent"));
        for (Told each : told) {
            assertThatCode(() -> new Webhook(secret).verify(each.body(), each.headers()))
                    .doesNotThrowAnyException();
            assertThat(each.json().at("/data/channel").asText()).isEqualTo("telegram");
            assertThat(each.body()).doesNotContain("Do you deliver?");
        }
        assertThat(Judges.run("webhooks.mjs", Map.of("TOLD", told(secret)))).isEqualToIgnoringNewLines("""
                {"differences":0,"digest":"dff0928b15f6f1b5c7b4b011e75928519a2a91c9a34a8fa519e12dfe446a56fd",\
                "verdicts":[[true,true],[true,true]]}""");
        String first = told.getFirst().headers().firstValue("webhook-id").orElseThrow();
        Eventually.passes(SOON, () -> assertThat(key.get(path + "/deliveries?state=delivered")
                        .expect(200)
                        .at("items"))
                .hasSize(2));
        key.post(path + "/deliveries/" + first + "/replay").expect(202);
        Eventually.passes(SOON, () -> assertThat(told).hasSize(3));
        assertThat(told.getLast().headers().firstValue("webhook-id")).contains(first);
        assertThat(told.getLast().body()).isEqualTo(told.getFirst().body());
        assertThat(key.get(path + "/deliveries/" + first).expect(200).at("attempts"))
                .hasSizeBetween(1, 2);
    }

    @Test
    void aSystemThatIsGoneIsDisabledAndAWrongAddressIsRefused() {
        Customer customer = Customer.signUp();
        Answer endpoint = customer.api()
                .post("/api/v1/webhook-endpoints", Map.of("url", url(), "events", List.of("*")))
                .expect(201);
        String path = "/api/v1/webhook-endpoints/" + endpoint.text("id");
        status = 410;

        customer.api().post(path + "/test").expect(202);

        Eventually.passes(
                SOON, () -> assertThat(customer.api().get(path).expect(200).text("status"))
                        .isEqualTo("disabled"));
        assertThat(customer.api().get(path).text("disabled_reason")).contains("410");
        Eventually.passes(SOON, () -> assertThat(customer.api()
                        .get("/api/v1/audit-log?action=webhook-endpoint.disable")
                        .expect(200)
                        .at("items"))
                .hasSize(1));
        for (String inside : List.of("http://10.0.0.1/", "https://metadata.google.internal/", "https://0x7f000001/")) {
            assertThat(customer.api()
                            .patch(path, Map.of("url", inside))
                            .expect(422)
                            .text("code"))
                    .isEqualTo("WEBHOOK_URL_REFUSED");
        }
    }

    /** What came in, for the judges. */
    private String told(String secret) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Told each : told) {
            Map<String, String> headers = new HashMap<>();
            each.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            all.add(Map.of("secret", secret, "headers", headers, "body", each.body()));
        }
        return new ObjectMapper().writeValueAsString(all);
    }

    private String url() {
        return "http://127.0.0.1:" + system.getAddress().getPort() + "/parley";
    }
}
