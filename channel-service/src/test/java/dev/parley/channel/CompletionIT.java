package dev.parley.channel;

import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class CompletionIT {
    @Test
    void aCompletionIsAnsweredInOpenAisForm() {
        TenantId tenant = newTenant();

        complete(tenant, "\"temperature\":0.2,\"max_tokens\":50", "concierge")
                .statusCode(200)
                .header("x-request-id", notNullValue())
                .body("id", startsWith("chatcmpl-"))
                .body("object", equalTo("chat.completion"))
                .body("model", equalTo("concierge"))
                .body("choices[0].message.role", equalTo("assistant"))
                .body("choices[0].message.content", equalTo("You said: hi"))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("usage.prompt_tokens", equalTo(11))
                .body("usage.completion_tokens", equalTo(5))
                .body("usage.total_tokens", equalTo(16));

        String operation = text("select operation_id from app.message where part = 1 and tenant_id = '" + tenant + "'");
        assertThat(Fakes.DEBITS).containsEntry(operation, 1);
        var asked = Fakes.RUN_REQUESTS.stream()
                .filter(request -> request.path("operation_id").asText().equals(operation))
                .findFirst()
                .orElseThrow();
        assertThat(asked.path("channel").asText()).isEqualTo("api");
        assertThat(asked.path("parameters").toString()).isEqualTo("{\"temperature\":0.2,\"max_tokens\":50}");
        assertThat(asked.path("messages").toString())
                .isEqualTo("[{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"content\":\"hi\"}]");
    }

    @Test
    void picturesFilesAndAudioGoToTheAgentAndAreHeldFor() throws Exception {
        TenantId tenant = newTenant();

        String messages = """
            {"model":"concierge","messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}},
              {"type":"file","file":{"filename":"order.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
              {"type":"input_audio","input_audio":{"data":"SUQz","format":"mp3"}}]}]}\
            """;
        as(TestTokens.token(tenant, "api-key:files", java.util.List.of("api-key"), java.util.List.of("chat")))
                .body(messages)
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);

        String operation = text("select operation_id from app.message where part = 1 and tenant_id = '" + tenant + "'");
        var asked = Fakes.RUN_REQUESTS.stream()
                .filter(request -> request.path("operation_id").asText().equals(operation))
                .findFirst()
                .orElseThrow();
        assertThat(asked.path("messages")).isEqualTo(new ObjectMapper().readTree("""
            [{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}},
              {"type":"file","file":{"filename":"order.pdf","file_data":"data:application/pdf;base64,JVBERg=="}},
              {"type":"file","file":{"file_data":"data:audio/mpeg;base64,SUQz"}}]}]\
            """));
        var decided = Fakes.DECISIONS.stream()
                .filter(decision -> decision.path("operation_id").asText().equals(operation))
                .findFirst()
                .orElseThrow();
        // a picture, a page and a second
        assertThat(decided.at("/estimate/llm.input_tokens").asInt()).isEqualTo(3_432);
        assertThat(text("select text from app.message where part = 0 and tenant_id = '" + tenant + "'"))
                .isEqualTo("[image]\n[file]\n[audio]");
    }

    @Test
    void aFileThatNoModelReadsIsRefusedInOpenAisForm() {
        String messages = """
            {"model":"concierge","messages":[{"role":"user","content":[
              {"type":"file","file":{"file_data":"data:application/zip;base64,AAAA"}}]}]}\
            """;

        as(TestTokens.token(newTenant(), "api-key:files", java.util.List.of("api-key"), java.util.List.of("chat")))
                .body(messages)
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("code", equalTo("COMPLETION_NOT_VALID"))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.code", equalTo("completion_not_valid"))
                .body("error.message", startsWith("messages[0].content has a file that is not a PDF or audio"));
    }

    @Test
    void functionsGoToTheAgentAndItsCallsComeBackAlsoToARepetition() {
        TenantId tenant = newTenant();
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
        String key = java.util.UUID.randomUUID().toString();

        for (int i = 0; i < 2; i++) {
            as(TestTokens.token(tenant, "api-key:tools", java.util.List.of("api-key"), java.util.List.of("chat")))
                    .header("Idempotency-Key", key)
                    .body(body(tools, "concierge"))
                    .post("/v1/chat/completions")
                    .then()
                    .statusCode(200)
                    .body("choices[0].finish_reason", equalTo("tool_calls"))
                    .body("choices[0].message.content", org.hamcrest.Matchers.nullValue())
                    .body("choices[0].message.tool_calls[0].id", equalTo("call_1"))
                    .body("choices[0].message.tool_calls[0].type", equalTo("function"))
                    .body("choices[0].message.tool_calls[0].function.name", equalTo("weather"));
            // nothing can fail any more once it was paid for: nobody is asked for what came with the answer
            assertThat(Fakes.RUN_LOOKUPS.stream()
                            .filter(tenant.toString()::equals)
                            .count())
                    .isZero();
        }
        assertThat(count("select count(*) from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(complete(tenant, tools + ",\"stream\":true", "concierge")
                        .statusCode(200)
                        .extract()
                        .asString())
                .contains("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\"")
                .contains("\"finish_reason\":\"tool_calls\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void theUserNamesTheConversationWithinTheKey() {
        TenantId tenant = newTenant();

        complete(tenant, "\"user\":\"u1\"", "concierge").statusCode(200);
        complete(tenant, "\"user\":\"u1\"", "concierge").statusCode(200);
        complete(tenant, "\"user\":\"u2\"", "concierge").statusCode(200);
        complete(tenant, "\"user\":null", "concierge").statusCode(200);
        as(TestTokens.token(tenant, "api-key:other", java.util.List.of("api-key"), java.util.List.of("chat")))
                .body(body("\"user\":\"u1\"", "concierge"))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);

        assertThat(count(
                        "select count(*) from app.conversation where channel = 'api' and tenant_id = '" + tenant + "'"))
                .isEqualTo(4);
        assertThat(count("select max(last_seq) from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
    }

    @Test
    void aStreamEndsInUsageAndDone() {
        String stream = complete(
                        newTenant(), "\"stream\":true,\"stream_options\":{\"include_usage\":true}", "concierge")
                .statusCode(200)
                .contentType("text/event-stream")
                .extract()
                .asString();

        assertThat(stream).startsWith("data: {").endsWith("data: [DONE]\n\n");
        assertThat(stream)
                .contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")
                .contains("\"finish_reason\":\"stop\"")
                .contains(
                        "\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":5,\"total_tokens\":16}");
    }

    @Test
    void aCutStreamEndsInAnErrorFrameAndCostsNothing() {
        TenantId tenant = newTenant();

        String stream = complete(tenant, "\"stream\":true", "cut")
                .statusCode(200)
                .extract()
                .asString();

        assertThat(stream)
                .contains("data: {\"error\":{")
                .contains("provider_failed")
                .doesNotContain("[DONE]");
        String operation = text("select id from app.operation where tenant_id = '" + tenant + "'");
        assertThat(Fakes.HOLDS).containsEntry(operation, "RELEASED");
        assertThat(Fakes.DEBITS).doesNotContainKey(operation);
    }

    @Test
    void problemsHaveOpenAisErrorToo() {
        TenantId tenant = newTenant();

        complete(tenant, "\"user\":\"u\"", "gpt-4o")
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("MODEL_NOT_FOUND"))
                .body("error.code", equalTo("model_not_found"))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.message", notNullValue());
        complete(tenant, "\"user\":\"u\"", "broke")
                .statusCode(402)
                .body("error.type", equalTo("insufficient_quota"))
                .body("policy.used", equalTo(990));
        complete(tenant, "\"user\":\"u\"", "premium").statusCode(403).body("error.code", equalTo("agent_not_in_plan"));
        complete(tenant, "\"n\":3", "concierge").statusCode(400).body("error.code", equalTo("unsupported_parameter"));
        complete(tenant, "\"stream\":true", "broke").statusCode(402).body("error.type", equalTo("insufficient_quota"));
        as(TestTokens.apiKey(tenant, "chat"))
                .body("{\"model\":")
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.type", equalTo("invalid_request_error"));
    }

    @Test
    void anIdempotencyKeyMakesACompletionOnce() {
        TenantId tenant = newTenant();

        String first = keyed(tenant).statusCode(200).extract().path("id");

        keyed(tenant).statusCode(200).body("id", equalTo(first));
        assertThat(count("select count(*) from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void modelsAreTheAgentsThatThePlanContains() {
        TenantId tenant = newTenant();

        as(TestTokens.apiKey(tenant, "chat"))
                .get("/v1/models")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.id", hasItem("concierge"))
                .body("data.id", not(hasItem("premium")))
                .body("data[0].object", equalTo("model"))
                .body("data[0].owned_by", equalTo("parley"));
        as(TestTokens.apiKey(tenant, "chat"))
                .get("/v1/models/concierge")
                .then()
                .statusCode(200)
                .body("id", equalTo("concierge"));
        as(TestTokens.apiKey(tenant, "chat"))
                .get("/v1/models/nope")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"));
    }

    @Test
    void whilePolicyIsAwayTheListIsTheLastOneAndNothingIsAnswered() {
        TenantId tenant = newTenant();
        TenantId unknown = newTenant();
        as(TestTokens.apiKey(tenant, "chat")).get("/v1/models").then().statusCode(200);

        Fakes.POLICY_AWAY.add(tenant.toString());
        Fakes.POLICY_AWAY.add(unknown.toString());

        as(TestTokens.apiKey(tenant, "chat"))
                .get("/v1/models")
                .then()
                .statusCode(200)
                .body("data.id", hasItem("concierge"))
                .body("data.id", not(hasItem("premium")));
        as(TestTokens.apiKey(unknown, "chat")).get("/v1/models").then().statusCode(503);
        complete(tenant, "\"temperature\":1", "concierge").statusCode(503).header("Retry-After", "1");
        List<String> asked = Channel.operations(tenant);
        assertThat(asked).isNotEmpty();
        assertThat(Fakes.RUN_REQUESTS)
                .noneMatch(run -> asked.contains(run.path("operation_id").asText()));
    }

    private static ValidatableResponse keyed(TenantId tenant) {
        return as(TestTokens.apiKey(tenant, "chat"))
                .header("Idempotency-Key", "k1")
                .body(body("\"temperature\":1", "concierge"))
                .post("/v1/chat/completions")
                .then();
    }

    private static ValidatableResponse complete(TenantId tenant, String members, String model) {
        return as(TestTokens.apiKey(tenant, "chat"))
                .body(body(members, model))
                .post("/v1/chat/completions")
                .then();
    }

    private static String body(String members, String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"be kind\"},"
                + "{\"role\":\"user\",\"content\":\"hi\"}]," + members + "}";
    }
}
