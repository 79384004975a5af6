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
import dev.parley.e2e.support.Readers;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A partner uses an API key with the official OpenAI client, unchanged. */
@Order(20)
class PartnerStoryE2E {
    @Test
    void theOfficialOpenAiClientIsContent() throws Exception {
        String reader = Readers.agent();
        String plan = "plan-" + reader;
        Plans.create(Api.platformAdmin(), plan, 1_000, 1, List.of("concierge", "support", "sales", reader));
        Customer customer = Customer.signUp().subscribe(plan);
        Customer broke = Customer.signUp().subscribe(Plans.withCredits(0));

        String verdict = Judges.run(
                "openai.mjs",
                Map.of(
                        "BASE_URL", Stack.running().gatewayUrl() + "/v1",
                        "API_KEY", customer.apiKey(),
                        "BROKE_KEY", broke.apiKey(),
                        "SIMULATORS", Stack.running().simulatorsUrl(),
                        "READER", reader));

        JsonNode result = new ObjectMapper().readTree(verdict.lines().toList().getLast());
        assertThat(result.path("plain").path("text").asText()).isNotBlank();
        assertThat(result.path("plain").path("finish_reason").asText()).isEqualTo("stop");
        assertThat(result.path("plain").path("total_tokens").asInt()).isPositive();
        assertThat(result.path("stream").path("chunks").asInt()).isGreaterThan(2);
        assertThat(result.path("stream").path("finish_reason").asText()).isEqualTo("stop");
        assertThat(result.path("stream").path("total_tokens").asInt()).isPositive();
        assertThat(result.path("models").findValuesAsText("id")).contains("concierge", "support", "sales");
        assertThat(result.path("errors").path("bad_key").asText()).isEqualTo("AuthenticationError 401");
        assertThat(result.path("errors").path("unknown_model").asText()).isEqualTo("NotFoundError 404 model_not_found");
        assertThat(result.path("errors").path("no_credits").asText()).isEqualTo("APIError 402 credits_exhausted");
        assertThat(result.path("errors").path("bad_request").asText()).startsWith("BadRequestError 400");
        assertThat(result.path("functions")).hasToString("""
            {"finish_reason":"tool_calls","content":null,"whole":["weather {\\"city\\":\\"Pune\\"}","weather {\\"city\\":\\"Goa\\"}"],"streamed":["weather {\\"city\\":\\"Pune\\"}","weather {\\"city\\":\\"Goa\\"}"],"streamed_finish_reason":"tool_calls","answer":"It is warm in Pune.","formed":7}\
            """);
        assertThat(result.path("files")).hasToString("{\"finish_reason\":\"stop\",\"received\":true}");
        for (String refused : List.of("archive", "file_id", "audio_format")) {
            assertThat(result.path("errors").path(refused).asText())
                    .isEqualTo("BadRequestError 400 completion_not_valid");
        }
        assertThat(result.path("errors").path("unknown_call").asText())
                .isEqualTo("UnprocessableEntityError 422 message_invalid");
        assertThat(result.path("errors").path("cut_stream").asText()).startsWith("APIError");
    }

    @Test
    void aRevokedKeyIsDeadSoon() throws Exception {
        Customer customer = Customer.signUp();
        Answer made = customer.api()
                .post("/api/v1/api-keys", Map.of("name", "leaked", "scopes", List.of("read")))
                .expect(201);
        Api leaked = Api.key(made.text("key"));
        leaked.get("/api/v1/agents").expect(200);
        assertThat(made.text("key")).startsWith("pk_");
        assertThat(customer.api().get("/api/v1/api-keys").expect(200).raw()).doesNotContain(made.text("key"));

        customer.api().delete("/api/v1/api-keys/" + made.text("id")).expect(204);

        Eventually.passes(
                Duration.ofSeconds(2), () -> leaked.get("/api/v1/agents").expect(401));
    }

    @Test
    void aKeyMayOnlyDoWhatItsScopesSay() {
        Customer customer = Customer.signUp();
        String readOnly = customer.api()
                .post("/api/v1/api-keys", Map.of("name", "reader", "scopes", List.of("read")))
                .expect(201)
                .text("key");

        Api.key(readOnly).get("/api/v1/credits").expect(200);
        Api.key(readOnly)
                .post(
                        "/v1/chat/completions",
                        Map.of("model", "concierge", "messages", List.of(Map.of("role", "user", "content", "hi"))))
                .expect(403);
        Api.key(readOnly)
                .post("/api/v1/api-keys", Map.of("name", "more", "scopes", List.of("write")))
                .expect(403);
    }
}
