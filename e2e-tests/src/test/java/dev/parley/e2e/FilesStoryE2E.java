package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A bot's customer speaks and sends papers: a model that reads both gets both, another one is told what it cannot read. */
@Order(34)
class FilesStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final byte[] voice = ("OggS\0 a voice note " + mark).getBytes(StandardCharsets.UTF_8);
    private final byte[] paper = ("%PDF-1.7 an order " + mark).getBytes(StandardCharsets.UTF_8);
    private final String token = Simulators.botToken();
    private final long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);

    @AfterEach
    void heal() {
        Simulators.api().delete("/_control/llm/replies");
    }

    @Test
    void aVoiceNoteAndAPaperInOneBreathGetOneAnswerOfAModelThatReadsBoth() throws IOException {
        // Given
        Customer customer = customerOf(Map.of("kind", "google", "base_url", simulator("/google/v1beta")));
        replies(Map.of("match", base64(voice), "text", "Heard and read."));

        // When
        Simulators.sendToBot(token, chat, "voice", "audio/ogg", voice, "listen");
        Simulators.sendToBot(token, chat, "document", "application/pdf", paper, "my order " + mark);

        // Then
        answered("Heard and read.");
        assertThat(Simulators.received("llm", mark)).hasSize(1);
        List<JsonNode> parts = lastMessage("/contents", "parts");
        assertThat(parts)
                .extracting(part -> part.at("/inlineData/mimeType").asText())
                .contains("audio/ogg", "application/pdf");
        assertThat(parts)
                .extracting(part -> part.at("/inlineData/data").asText())
                .contains(base64(voice), base64(paper));
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
    }

    @Test
    void aModelThatReadsPapersAloneSaysThatItHeardNothing() throws IOException {
        // Given
        Customer customer = customerOf(
                Map.of("kind", "openai", "base_url", simulator("/llm/v1"), "reads", List.of("application/pdf")));
        replies(
                Map.of("match", base64(paper), "text", "Read."),
                Map.of("match", "that you cannot open", "text", "I cannot listen to that. Please write to me."));

        // When
        Simulators.sendToBot(token, chat, "voice", "audio/ogg", voice, "listen " + mark);

        // Then
        answered("I cannot listen to that. Please write to me.");
        List<JsonNode> heard = lastMessage("/messages", "content");
        assertThat(heard).extracting(part -> part.path("type").asText()).containsOnly("text");
        assertThat(heard.toString())
                .contains("that you cannot open", "audio/ogg")
                .doesNotContain(base64(voice));

        // When
        Simulators.sendToBot(token, chat, "document", "application/pdf", paper, "read " + mark);

        // Then
        answered("I cannot listen to that. Please write to me.", "Read.");
        assertThat(lastMessage("/messages", "content"))
                .extracting(part -> part.at("/file/file_data").asText())
                .contains("data:application/pdf;base64," + base64(paper));
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(2);
    }

    /** A business with a bot, whose agent asks that provider. */
    private Customer customerOf(Map<String, Object> provider) {
        Api admin = Api.platformAdmin();
        String slug = "files-" + mark;
        Map<String, Object> named = new HashMap<>(provider);
        named.put("name", slug);
        named.put("api_key", "sk-" + mark);
        named.put("models", List.of("model-" + mark));
        admin.post("/api/v1/admin/providers", named).expect(201);
        String agent = admin.post("/api/v1/admin/agents", Map.of("slug", slug, "name", "Reader"))
                .expect(201)
                .text("id");
        String versions = "/api/v1/admin/agents/" + agent + "/prompt-versions";
        admin.post(versions, Map.of("system_prompt", "You are kind.", "provider", slug))
                .expect(201);
        admin.post(versions + "/1/activation").expect(200);
        Plans.create(admin, "plan-" + slug, 100, 1, List.of(slug));
        Customer customer = Customer.signUp().subscribe("plan-" + slug);
        customer.connectBot(token, slug);
        return customer;
    }

    private static String simulator(String path) {
        return Stack.running().simulatorsUrl() + path;
    }

    @SafeVarargs
    private static void replies(Map<String, Object>... replies) {
        Simulators.control("PUT", "/llm/replies", List.of(replies));
    }

    private void answered(String... texts) {
        Eventually.passes(
                SOON, () -> assertThat(Simulators.sentByBot(token, chat)).containsExactly(texts));
    }

    /** The parts of the last message of what the model was asked last. */
    private List<JsonNode> lastMessage(String messages, String parts) throws IOException {
        JsonNode asked = new ObjectMapper()
                .readTree(
                        Simulators.received("llm", mark).getLast().path("body").asText());
        JsonNode all = asked.at(messages);
        List<JsonNode> last = new ArrayList<>();
        all.path(all.size() - 1).path(parts).forEach(last::add);
        return last;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
