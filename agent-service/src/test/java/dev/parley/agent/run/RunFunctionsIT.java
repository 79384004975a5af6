package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.read;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static dev.parley.agent.AgentFixtures.value;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class RunFunctionsIT {
    private static final Map<String, Object> SCHEMA = Map.of(
            "type",
            "object",
            "properties",
            Map.of("city", Map.of("type", "string", "enum", List.of("Pune", "Goa"))),
            "required",
            List.of("city"),
            "additionalProperties",
            false);
    private static final List<Object> TOOLS =
            List.of(Map.of("type", "function", "function", Map.of("name", "weather", "parameters", SCHEMA)));
    private static String agent;

    @BeforeEach
    void shareAnAgent() {
        if (agent == null) {
            agent = readyAgent();
        }
    }

    @Test
    void theCallersFunctionsGoToTheModelAndItsCallsComeBack() {
        // Given
        TenantId tenant = aTenant();
        String text = aText("tool");
        Map<String, Object> request = run(agent, text);
        request.put("parameters", Map.of("tools", TOOLS, "tool_choice", "required"));

        // When
        Response calling = post(tenant, request);

        // Then
        calling.then()
                .statusCode(200)
                .body("finish_reason", equalTo("tool_calls"))
                .body("text", equalTo(""))
                .body("tool_calls[0].id", equalTo("call_1"))
                .body("tool_calls[0].name", equalTo("weather"))
                .body("tool_calls[0].arguments", equalTo("{\"timezone\":\"UTC\"}"));
        JsonNode sent = seen(text).at("/body");
        assertThat(sent.at("/tools/0/function/parameters/properties/city/enum/1")
                        .asText())
                .isEqualTo("Goa");
        assertThat(sent.at("/tool_choice").asText()).isEqualTo("required");
        assertThat(post(tenant, request).asString()).isEqualTo(calling.asString());
        service(tenant)
                .get("/internal/runs/{id}", request.get("operation_id"))
                .then()
                .statusCode(200)
                .body("tool_calls[0].name", equalTo("weather"));
        service(aTenant())
                .get("/internal/runs/{id}", request.get("operation_id"))
                .then()
                .statusCode(404);

        // and with the result it answers in words
        Map<String, Object> next = run(agent, text);
        next.put("parameters", Map.of("tools", TOOLS));
        next.put("messages", conversation(text, "call_1"));
        post(tenant, next)
                .then()
                .statusCode(200)
                .body("text", equalTo("It is done."))
                .body("finish_reason", equalTo("stop"))
                .body("$", not(hasKey("tool_calls")));
        JsonNode told = seen(text).at("/body/messages");
        assertThat(told.at("/2/tool_calls/0/function/name").asText()).isEqualTo("weather");
        assertThat(told.at("/2/content").isNull()).isTrue();
        assertThat(told.at("/3/role").asText()).isEqualTo("tool");
        assertThat(told.at("/3/tool_call_id").asText()).isEqualTo("call_1");
        assertThat(told.at("/3/content").asText()).isEqualTo("31 degrees");
    }

    @Test
    void aStreamedCallIsPutTogetherAndCountedWhereNobodySaysItsTokens() {
        Map<String, Object> request = run(agent, aText("tool"));
        request.put("parameters", Map.of("tools", TOOLS));

        String stream = service(aTenant())
                .accept("text/event-stream")
                .body(request)
                .post("/internal/runs")
                .asString();

        JsonNode result = read(stream.substring(stream.lastIndexOf("data:") + 5).strip());
        assertThat(result.at("/tool_calls/0/arguments").asText()).isEqualTo("{\"timezone\":\"UTC\"}");
        assertThat(result.at("/usage/estimated").asBoolean()).isTrue();
        assertThat(result.at("/usage/output_tokens").asInt()).isPositive();
        assertThat(stream).doesNotContain("event:delta");
    }

    @Test
    void functionsThatMakeNoSenseAreRefused() {
        for (Map<String, Object> parameters : List.<Map<String, Object>>of(
                Map.of("tools", List.of(Map.of("type", "retrieval"))),
                Map.of("tools", List.of(Map.of("type", "function", "function", Map.of("name", "no spaces")))),
                Map.of("tools", List.of(TOOLS.getFirst(), TOOLS.getFirst())),
                Map.of("tools", TOOLS, "tool_choice", "sometimes"),
                Map.of("tools", TOOLS, "tool_choice", Map.of("type", "function", "function", Map.of("name", "other"))),
                Map.of("tool_choice", "required"),
                Map.of("response_format", Map.of("type", "xml")),
                Map.of(
                        "response_format",
                        Map.of(
                                "type",
                                "json_schema",
                                "json_schema",
                                Map.of("name", "x", "schema", Map.of("$ref", "http://127.0.0.1/secret")))))) {
            Map<String, Object> request = run(agent, aText("ok"));
            request.put("parameters", parameters);
            post(aTenant(), request).then().statusCode(422).body("code", equalTo("MESSAGE_INVALID"));
        }
        Map<String, Object> request = run(agent, aText("ok"));
        request.put("messages", conversation("x", "call_of_nobody"));
        post(aTenant(), request).then().statusCode(422).body("detail", containsString("tool_call_id"));
    }

    @Test
    void theModelOnAnthropicsWireCallsFunctionsToo() {
        String name = aSlug("claude");
        admin().body(Map.of(
                        "name",
                        name,
                        "kind",
                        "anthropic",
                        "base_url",
                        ConfigProvider.getConfig().getValue("fake.url", String.class) + "/anthropic/v1",
                        "api_key",
                        "sk-ant",
                        "models",
                        List.of("claude-fake")))
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(201);
        String claude = readyAgent(Map.of("system_prompt", "Be kind.", "provider", name));
        String text = aText("tool");
        Map<String, Object> request = run(claude, text);
        request.put("parameters", Map.of("tools", TOOLS, "tool_choice", "required"));
        post(aTenant(), request)
                .then()
                .statusCode(200)
                .body("finish_reason", equalTo("tool_calls"))
                .body("tool_calls[0].id", equalTo("toolu_1"))
                .body("tool_calls[0].name", equalTo("weather"));
        JsonNode sent = seen(text).at("/body");
        assertThat(sent.at("/tools/0/input_schema/properties/city/enum/0").asText())
                .isEqualTo("Pune");
        assertThat(sent.at("/tool_choice/type").asText()).isEqualTo("any");

        Map<String, Object> next = run(claude, text);
        next.put("parameters", Map.of("tools", TOOLS));
        next.put("messages", conversation(text, "toolu_1"));
        post(aTenant(), next).then().statusCode(200).body("text", equalTo("Echo: " + text));
        assertThat(seen(text).at("/body/messages/2/content/0/tool_use_id").asText())
                .isEqualTo("toolu_1");
    }

    @Test
    void theAgentsOwnFunctionsAreCarriedOutOnlyWhenTheyWereGranted() {
        // Given
        TenantId tenant = aTenant();
        String text = aText("tool");
        Map<String, Object> request = run(agent, text);
        request.put("tools_allowed", List.of("current_time", "nonsense"));

        // When
        post(tenant, request)
                .then()
                .statusCode(200)
                .body("text", equalTo("It is done."))
                .body("usage.input_tokens", equalTo(22))
                .body("usage.output_tokens", equalTo(14));

        // Then both calls are metered, and the trace shows the step
        assertThat(seen(text).at("/calls").asInt()).isEqualTo(2);
        assertThat(read(events("agent.usage.events", event -> event.value()
                                        .contains((String) request.get("operation_id")))
                                .getFirst()
                                .value())
                        .at("/quantities/llm.input_tokens")
                        .asInt())
                .isEqualTo(22);
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.step", hasItem("tool.called"))
                .body("steps.find { it.step == 'tool.called' }.detail.tool", equalTo("current_time"))
                .body("steps.find { it.step == 'tool.called' }.detail.outcome", equalTo("DONE"));

        // nothing is offered to a run that was granted nothing, and what its model wants all the same is not done
        String bare = aText("tool");
        post(tenant, run(agent, bare)).then().statusCode(502).body("code", equalTo("PROVIDER_FAILED"));
        assertThat(seen(bare).at("/body").has("tools")).isFalse();
    }

    @Test
    void anEndlessLoopOfFunctionsEndsAtItsLimit() {
        String text = aText("toolforever");
        Map<String, Object> request = run(agent, text);
        request.put("tools_allowed", List.of("current_time"));

        TenantId tenant = aTenant();
        post(tenant, request).then().statusCode(502).body("code", equalTo("PROVIDER_FAILED"));

        // Then what was done and spent is told
        assertThat(seen(text).at("/calls").asInt()).isEqualTo(4);
        JsonNode event =
                read(events("agent.run.events", found -> found.value().contains((String) request.get("operation_id")))
                        .getFirst()
                        .value());
        assertThat(event.at("/cause").asText()).isEqualTo("version");
        assertThat(event.at("/attempt").asInt()).isOne();
        assertThat(event.at("/spent"))
                .isEqualTo(read("[{\"provider\":\"default\",\"model\":\"fake-1\",\"key_owner\":\"platform\","
                        + "\"input_tokens\":44,\"output_tokens\":28,\"estimated\":false}]"));
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.findAll { it.step == 'tool.called' }.size()", equalTo(3))
                .body("steps.find { it.step == 'run.failed' }.detail.cause", equalTo("version"))
                .body("steps.find { it.step == 'run.failed' }.detail.input_tokens", equalTo(44));
    }

    @Test
    void aHandOffIsPartOfTheResultWhereThereIsSomebodyToWaitFor() {
        // Given
        TenantId tenant = aTenant();
        Map<String, Object> request = inChat(UUID.randomUUID().toString(), aText("person"));
        request.put("tools_allowed", List.of("handoff_to_staff"));

        // When / Then
        post(tenant, request)
                .then()
                .statusCode(200)
                .body("text", equalTo("Somebody will come back to you."))
                .body("handoff.reason", equalTo("angry"))
                .body("handoff.summary", equalTo("Wants money back"));
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.find { it.step == 'tool.called' }.detail.tool", equalTo("handoff_to_staff"))
                .body("steps.find { it.step == 'tool.called' }.detail.outcome", equalTo("DONE"));
        post(tenant, request).then().statusCode(200).body("handoff.reason", equalTo("angry"));

        // on the web too, and not where the caller keeps the conversation
        Map<String, Object> onTheWeb = run(agent, aText("person"));
        onTheWeb.put("tools_allowed", List.of("handoff_to_staff"));
        post(tenant, onTheWeb).then().statusCode(200).body("handoff.reason", equalTo("angry"));
        String text = aText("ok");
        Map<String, Object> completion = run(agent, text);
        completion.put("channel", "api");
        completion.put("tools_allowed", List.of("handoff_to_staff"));
        post(tenant, completion).then().statusCode(200).body("$", not(hasKey("handoff")));
        assertThat(seen(text).at("/body").has("tools")).isFalse();
    }

    @Test
    void functionsAreFoundWhateverTheProviderSaysOfTheEnd() {
        Map<String, Object> request = run(agent, aText("toolstop"));
        request.put("parameters", Map.of("tools", TOOLS));

        post(aTenant(), request)
                .then()
                .statusCode(200)
                .body("finish_reason", equalTo("tool_calls"))
                .body("tool_calls[0].name", equalTo("weather"));
    }

    @Test
    void aRefusalIsAReplyAndIsAskedOfNobodyElse() {
        Map<String, Object> format = Map.of("response_format", Map.of("type", "json_object"));
        String refused = aText("refusal");
        formed(refused, format)
                .then()
                .statusCode(200)
                .body("text", equalTo("I cannot help with that."))
                .body("finish_reason", equalTo("content_filter"));
        String filtered = aText("filtered");
        post(aTenant(), run(agent, filtered))
                .then()
                .statusCode(200)
                .body("text", equalTo("The model refused to answer this."))
                .body("finish_reason", equalTo("content_filter"));
        String stream = service(aTenant())
                .accept("text/event-stream")
                .body(run(agent, aText("filtered")))
                .post("/internal/runs")
                .asString();

        assertThat(seen(refused).at("/calls").asInt()).isOne();
        assertThat(seen(filtered).at("/calls").asInt()).isOne();
        assertThat(stream).contains("data:{\"text\":\"The model refused to answer this.\"}");
    }

    @Test
    void aReplyHasTheFormThatWasAskedForOrThereIsNone() {
        Map<String, Object> format = Map.of(
                "response_format",
                Map.of(
                        "type",
                        "json_schema",
                        "json_schema",
                        Map.of(
                                "name",
                                "person",
                                "strict",
                                true,
                                "schema",
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of("age", Map.of("type", "integer", "minimum", 0)),
                                        "required",
                                        List.of("age")))));
        String plain = aText("json");
        formed(plain, format).then().statusCode(200).body("text", equalTo("{\"age\": 3}"));
        assertThat(seen(plain).at("/body/response_format/json_schema/name").asText())
                .isEqualTo("person");
        String mended = aText("badjson");
        formed(mended, format)
                .then()
                .statusCode(200)
                .body("text", equalTo("{\"age\": 3}"))
                .body("usage.input_tokens", equalTo(22));
        String never = aText("neverjson");
        formed(never, format)
                .then()
                .statusCode(502)
                .body("code", equalTo("PROVIDER_FAILED"))
                .body("detail", containsString("form"));
        assertThat(seen(never).at("/calls").asInt()).isEqualTo(2);
        Map<String, Object> streamed = run(agent, aText("json"));
        streamed.put("parameters", format);
        String stream = service(aTenant())
                .accept("text/event-stream")
                .body(streamed)
                .post("/internal/runs")
                .asString();
        assertThat(stream.split("event:delta", -1)).hasSize(2);
        assertThat(stream).contains("data:{\"text\":\"{\\\"age\\\": 3}\"}").doesNotContain("```");
    }

    @Test
    void aMessengersConversationThatGoesRoundInCirclesIsStoppedAndTold() {
        // Given the same question six times in one conversation
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        String text = aText("ok");
        for (int i = 0; i < 6; i++) {
            post(tenant, inChat(conversation, text)).then().statusCode(200);
        }

        // When / Then
        Map<String, Object> refused = inChat(conversation, text);
        post(tenant, refused)
                .then()
                .statusCode(429)
                .header("Retry-After", "600")
                .body("code", equalTo("CONVERSATION_LOOPING"));
        post(tenant, inChat(conversation, text)).then().statusCode(429);
        assertThat(seen(text).at("/calls").asInt()).isEqualTo(6);
        assertThat(events("agent.run.events", event -> event.value().contains(conversation)))
                .singleElement()
                .satisfies(event -> assertThat(
                                read(event.value()).at("/operation_id").asText())
                        .isEqualTo(refused.get("operation_id")));
        post(tenant, inChat(UUID.randomUUID().toString(), text)).then().statusCode(200);

        // and what differs goes on until it is too much
        for (int i = 6; i < 12; i++) {
            post(tenant, inChat(conversation, aText("ok"))).then().statusCode(200);
        }
        post(tenant, inChat(conversation, aText("ok"))).then().statusCode(429);
        post(aTenant(), inChat(conversation, text)).then().statusCode(200);

        // and the same question does not go on for ever, however slowly it comes
        execute(
                "update run set created_at = created_at - interval '20 minutes' where conversation_id = ?",
                conversation);
        post(tenant, inChat(conversation, text)).then().statusCode(200);
        post(tenant, inChat(conversation, text)).then().statusCode(200);
        post(tenant, inChat(conversation, text)).then().statusCode(429);
        post(tenant, inChat(conversation, aText("ok"))).then().statusCode(200);
    }

    @Test
    void whoWritesMuchIsNoLoop() {
        // Given callers of the tenant's own, and a person who says the same short word
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        String text = aText("ok");

        // When / Then
        for (int i = 0; i < 14; i++) {
            post(tenant, in(conversation, run(agent, text))).then().statusCode(200);
        }
        String chat = UUID.randomUUID().toString();
        for (int i = 0; i < 7; i++) {
            post(tenant, inChat(chat, "yes")).then().statusCode(200);
        }
    }

    @Test
    void aTenantsConfigurationGrantsFunctionsToItAlone() {
        TenantId tenant = aTenant();
        String slug = readyAgent();
        configure(tenant, slug, Map.of("tools", List.of("current_time")));
        String text = aText("tool");

        post(tenant, run(slug, text)).then().statusCode(200).body("text", equalTo("It is done."));
        assertThat(seen(text).at("/body/tools/0/function/name").asText()).isEqualTo("current_time");
        post(aTenant(), run(slug, aText("tool"))).then().statusCode(502);
    }

    @Test
    void theSameQuestionGetsTheSameAnswerWhereTheTenantWantsThat() {
        // Given
        TenantId tenant = aTenant();
        String slug = readyAgent();
        configure(tenant, slug, Map.of("answer_cache", Map.of("enabled", true, "max_age_seconds", 60)));
        String text = aText("ok");
        post(tenant, run(slug, text)).then().statusCode(200).body("cached", equalTo(false));

        // When
        Map<String, Object> again = run(slug, "  " + text.toUpperCase(java.util.Locale.ROOT) + " ");

        // Then no model is asked, and only the message is metered
        post(tenant, again)
                .then()
                .statusCode(200)
                .body("cached", equalTo(true))
                .body("text", equalTo("Echo: " + text))
                .body("usage.input_tokens", equalTo(0));
        assertThat(seen(text).at("/calls").asInt()).isOne();
        JsonNode event =
                read(events("agent.usage.events", found -> found.value().contains((String) again.get("operation_id")))
                        .getFirst()
                        .value());
        assertThat(event.at("/quantities").has("message")).isFalse();
        assertThat(event.at("/quantities/llm.output_tokens").asInt()).isZero();
        assertThat(event.at("/cached").asBoolean()).isTrue();
        String stream = service(tenant)
                .accept("text/event-stream")
                .body(run(slug, text))
                .post("/internal/runs")
                .asString();
        assertThat(stream.split("event:delta", -1)).hasSize(2);

        // another tenant, another context or other parameters are another question
        TenantId other = aTenant();
        configure(other, slug, Map.of("answer_cache", Map.of("enabled", true)));
        post(other, run(slug, text)).then().body("cached", equalTo(false));
        Map<String, Object> hotter = run(slug, text);
        hotter.put("parameters", Map.of("temperature", 1.5));
        post(tenant, hotter).then().body("cached", equalTo(false));
        Map<String, Object> later = run(slug, text);
        later.put(
                "messages",
                List.of(
                        Map.of("role", "user", "content", "Before"),
                        Map.of("role", "assistant", "content", "Yes"),
                        Map.of("role", "user", "content", text)));
        post(tenant, later).then().body("cached", equalTo(false));
        execute("update kept_answer set expires_at = now() where tenant_id = ?", tenant.value());
        post(tenant, run(slug, text)).then().body("cached", equalTo(false));
        assertThat(value("""
                        select count(*) from kept_answer where position(convert_to('Echo', 'UTF8') in answer) > 0
                        """)).isEqualTo("0");
    }

    private static void configure(TenantId tenant, String slug, Map<String, Object> configuration) {
        given().auth()
                .oauth2(TestTokens.member(tenant, "admin"))
                .contentType("application/json")
                .body(configuration)
                .put("/api/v1/agents/{slug}/configuration", slug)
                .then()
                .statusCode(200);
    }

    private static Response formed(String text, Map<String, Object> format) {
        Map<String, Object> request = run(agent, text);
        request.put("parameters", format);
        return post(aTenant(), request);
    }

    private static Map<String, Object> in(String conversation, Map<String, Object> request) {
        request.put("conversation_id", conversation);
        return request;
    }

    private static Map<String, Object> inChat(String conversation, String text) {
        Map<String, Object> request = in(conversation, run(agent, text));
        request.put("channel", "telegram");
        return request;
    }

    private static List<Object> conversation(String text, String answered) {
        Map<String, Object> calling = new HashMap<>();
        calling.put("role", "assistant");
        calling.put("content", null);
        calling.put(
                "tool_calls",
                List.of(Map.of(
                        "id",
                        answered.equals("call_of_nobody") ? "call_1" : answered,
                        "type",
                        "function",
                        "function",
                        Map.of("name", "weather", "arguments", "{\"city\":\"Pune\"}"))));
        return List.of(
                Map.of("role", "user", "content", text),
                calling,
                Map.of("role", "tool", "tool_call_id", answered, "content", "31 degrees"));
    }
}
