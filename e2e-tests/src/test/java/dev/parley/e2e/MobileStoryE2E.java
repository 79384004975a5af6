package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A customer's app is notified of an answer that came while it was away, and of nothing that it read itself. */
@Order(35)
class MobileStoryE2E {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration LONGER_THAN_THE_GRACE = Duration.ofSeconds(5);
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String project = "shop-" + run;
    private final String device = "device:" + UUID.randomUUID();
    private final Customer customer = Customer.signUp().subscribe(Plans.withCredits(200));
    private final Api app = Api.key(customer.apiKey());

    @AfterEach
    void heal() {
        Simulators.heal("llm");
    }

    @Test
    void anAppIsNotifiedOfWhatItsOwnerDidNotSee() throws Exception {
        // Given
        JsonNode keyFile = Simulators.control("POST", "/fcm/projects/" + project + "/keys", Map.of());
        judged(keyFile);
        Answer channel = connect(keyFile);
        String conversation = app.post("/api/v1/conversations", Map.of("agent", "concierge"))
                .expect(201)
                .text("id");
        String contact = customer.api()
                .post("/api/v1/contacts", Map.of("display_name", "Ana"))
                .expect(201)
                .text("id");
        String path = "/api/v1/conversations/" + conversation + "/devices";
        Map<String, Object> registration = Map.of("token", device, "platform", "android", "contact_id", contact);
        String registered = app.post(path, registration).expect(201).text("id");
        assertThat(app.post(path, registration).expect(200).text("id")).isEqualTo(registered);
        strangersSeeNothing(path, registered);

        // When
        String message = leave(conversation, "Is it on its way? " + run);

        // Then
        JsonNode told = Eventually.within(SOON, () -> {
            assertThat(sentTo(device)).hasSize(1);
            return sentTo(device).getFirst();
        });
        assertThat(told.at("/notification/title").asText()).isEqualTo("Shop ✓");
        assertThat(told.at("/notification/body").asText()).contains("Is it on its way? " + run);
        assertThat(told.path("data").toString())
                .isEqualTo("{\"conversation_id\":\"" + conversation + "\",\"message_id\":\"" + message + "\"}");
        assertThat(told.at("/android/collapse_key").asText()).isEqualTo(conversation);

        app.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", "I read this myself"))
                .expect(201);
        Thread.sleep(LONGER_THAN_THE_GRACE.toMillis());
        assertThat(sentTo(device)).hasSize(1);

        busy(conversation, channel);
        optedOut(conversation, contact);
        gone(conversation, path);
    }

    /** Google's own client gets what we get from the simulator. */
    private void judged(JsonNode keyFile) throws Exception {
        String judge = "device:judge-" + run + "-abcdef";
        JsonNode verdict = JSON.readTree(Judges.run(
                        "push.mjs",
                        Map.of(
                                "SIMULATORS",
                                Stack.running().simulatorsUrl(),
                                "PROJECT",
                                project,
                                "KEY_FILE",
                                keyFile.toString(),
                                "DEVICE",
                                judge))
                .lines()
                .toList()
                .getLast());
        assertThat(verdict.toString())
                .isEqualTo("{\"sent\":\"projects/" + project + "/messages/0:…\",\"trial\":\"projects/" + project
                        + "/messages/fake_message_id\",\"notAToken\":\"400 INVALID_ARGUMENT message.token\","
                        + "\"unknown\":\"400 INVALID_ARGUMENT message.colour\",\"forged\":\"400 invalid_grant\"}");
        assertThat(sentTo(judge)).hasSize(1);
    }

    private Answer connect(JsonNode keyFile) {
        Map<String, Object> wanted = Map.of(
                "type", "fcm",
                "name", "Shop ✓",
                "agent", "concierge",
                "credentials", Map.of("service_account", keyFile.toString()));
        Answer channel = customer.api().post("/api/v1/channels", wanted).expect(201);
        assertThat(channel.raw()).doesNotContain("PRIVATE KEY");
        assertThat(findings(channel)).isEmpty();
        return channel;
    }

    /** Whatever another tenant's key does with these ids, it is told that there is nothing. */
    private void strangersSeeNothing(String path, String registered) {
        Customer other = Customer.signUp("Other").subscribe(Plans.withCredits(10));
        Api stranger = Api.key(other.apiKey());
        stranger.post(path, Map.of("token", device, "platform", "ios")).expect(404);
        stranger.get(path).expect(404);
        stranger.patch(path + "/" + registered, Map.of("language", "fr")).expect(404);
        stranger.delete(path + "/" + registered).expect(404);
        assertThat(app.get(path).expect(200).at("items")).hasSize(1);
    }

    /** A vendor that is busy is asked again when it said, and its words stand at the channel meanwhile. */
    private void busy(String conversation, Answer channel) throws Exception {
        Simulators.fault(
                "fcm", Map.of("status", 429, "retry_after", 8, "times", 1, "path", "messages:send", "match", device));
        leave(conversation, "Once more " + run);
        Eventually.passes(SOON, () -> assertThat(findings(channel)).containsExactly("delivery"));
        Eventually.passes(SOON, () -> assertThat(sentTo(device)).hasSize(2));
        Eventually.passes(SOON, () -> assertThat(findings(channel)).isEmpty());
    }

    /** Who opted out is told nothing, until they opt in again. */
    private void optedOut(String conversation, String contact) throws Exception {
        customer.api()
                .patch("/api/v1/contacts/" + contact, Map.of("opted_out", true))
                .expect(200);
        leave(conversation, "Silence " + run);
        Thread.sleep(LONGER_THAN_THE_GRACE.toMillis());
        assertThat(sentTo(device)).hasSize(2);
        customer.api()
                .patch(
                        "/api/v1/contacts/" + contact,
                        Map.of("opted_out", false, "consent", true, "consent_source", "in the app"))
                .expect(200);
    }

    /** An app that was removed from its device is forgotten. */
    private void gone(String conversation, String path) throws Exception {
        Simulators.control("PUT", "/fcm/projects/" + project + "/devices/" + device, Map.of("state", "unregistered"));
        leave(conversation, "Anybody there? " + run);
        Eventually.passes(
                SOON, () -> assertThat(app.get(path).expect(200).at("items")).isEmpty());
        assertThat(sentTo(device)).hasSize(2);
    }

    /** Asks, and goes away while the agent thinks; returns the answer's id. */
    private String leave(String conversation, String text) throws Exception {
        Simulators.fault("llm", Map.of("delay_ms", 8_000, "match", text, "times", 1));
        String messages = "/api/v1/conversations/" + conversation + "/messages";
        int before = replies(messages).size();
        try (HttpClient phone = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> asked = phone.sendAsync(
                    HttpRequest.newBuilder(URI.create(Stack.running().publicUrl() + messages))
                            .header("X-API-Key", app.header("X-API-Key"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("text", text))))
                            .build(),
                    BodyHandlers.ofString());
            Eventually.passes(
                    SOON, () -> assertThat(app.get(messages).expect(200).raw()).contains(text));
            asked.cancel(true);
            phone.shutdownNow();
        }
        return Eventually.within(SOON, () -> {
            List<JsonNode> all = replies(messages);
            assertThat(all).hasSize(before + 1);
            return all.getFirst().path("id").asText();
        });
    }

    private List<JsonNode> replies(String messages) {
        return items(app.get(messages).expect(200).at("items")).stream()
                .filter(message -> message.path("role").asText().equals("assistant"))
                .toList();
    }

    private List<JsonNode> sentTo(String token) {
        return items(Simulators.control("GET", "/fcm/projects/" + project + "/sent?token=" + token, null)
                .path("items"));
    }

    private static List<JsonNode> items(JsonNode items) {
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    /** What the test button says is wrong. */
    private List<String> findings(Answer channel) {
        return items(customer.api()
                        .post("/api/v1/channels/" + channel.text("id") + "/test", Map.of())
                        .expect(200)
                        .at("checks"))
                .stream()
                .filter(check -> !check.path("ok").asBoolean())
                .map(check -> check.path("name").asText())
                .toList();
    }
}
