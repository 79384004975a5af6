package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class StreamIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TestHTTPResource
    URI server;

    @Test
    void piecesArriveWhileTheAgentStillWrites() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "held");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));

        HttpResponse<InputStream> response = open(tenant, conversation, "live");
        List<String> events = new ArrayList<>();
        try (BufferedReader lines = reader(response)) {
            events.add(event(lines));
            assertThat(gate.getCount()).as("the agent has not finished").isEqualTo(1);
            gate.countDown();
            for (String next = event(lines); next != null; next = event(lines)) {
                events.add(next);
            }
        }

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isEqualTo("delta {\"text\":\"You sai\"}");
        assertThat(events.get(1)).isEqualTo("delta {\"text\":\"d: live\"}");
        assertThat(events.get(2)).startsWith("message {");
        JsonNode answer = Fakes.JSON.readTree(events.get(2).substring("message ".length()));
        assertThat(answer.path("reply").path("text").asText()).isEqualTo("You said: live");
        assertThat(answer.path("usage").path("credits").asInt()).isEqualTo(3);
        assertThat(Fakes.DEBITS).containsEntry(answer.path("operation_id").asText(), 1);
    }

    @Test
    void aCutStreamEndsInAProblemAndCostsNothing() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "cut");

        List<String> events = new ArrayList<>();
        try (BufferedReader lines = reader(open(tenant, conversation, "hello"))) {
            for (String next = event(lines); next != null; next = event(lines)) {
                events.add(next);
            }
        }

        String operation = text("select operation_id from app.message where conversation_id = '" + conversation + "'");
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).startsWith("delta ");
        JsonNode problem = Fakes.JSON.readTree(events.get(1).substring("problem ".length()));
        assertThat(problem.path("status").asInt()).isEqualTo(502);
        assertThat(problem.path("code").asText()).isEqualTo("PROVIDER_FAILED");
        assertThat(Fakes.HOLDS).containsEntry(operation, "RELEASED");
        assertThat(Fakes.DEBITS).doesNotContainKey(operation);
    }

    @Test
    void aClientThatLeavesGetsItsMessageAnsweredStoredAndSettled() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "held");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));

        HttpResponse<InputStream> response = open(tenant, conversation, "bye");
        BufferedReader lines = reader(response);
        event(lines);
        lines.close();
        gate.countDown();

        await(() -> text("select text from app.message where part = 1 and conversation_id = '" + conversation + "'")
                != null);
        String operation = text(
                "select operation_id from app.message where part = 1 and conversation_id = '" + conversation + "'");
        Fakes.awaitCharged(operation);
    }

    @Test
    void aRefusalBeforeTheFirstPieceIsAnOrdinaryProblem() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "broke");

        HttpResponse<InputStream> response = open(tenant, conversation, "hello");

        assertThat(response.statusCode()).isEqualTo(402);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("CREDITS_EXHAUSTED");
    }

    private HttpResponse<InputStream> open(TenantId tenant, String conversation, String text) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(server.resolve("/api/v1/conversations/" + conversation + "/messages"))
                        .header("Authorization", "Bearer " + TestTokens.member(tenant, "member"))
                        .header("Content-Type", "application/json")
                        .header("Accept", "text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader reader(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event as its name and data; null at the end. */
    private static String event(BufferedReader lines) throws Exception {
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                return name + " " + data;
            }
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        return null;
    }
}
