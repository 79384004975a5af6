package dev.parley.agent.provider.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.provider.wire.ProviderCallConfig;
import dev.parley.agent.provider.wire.ProviderTransport;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoogleProviderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    private final ProviderTransport transport = new ProviderTransport(
            vertx,
            new SmallRyeConfigBuilder()
                    .withMapping(ProviderCallConfig.class)
                    .withConverter(Duration.class, 300, text -> Duration.parse("PT" + text))
                    .build()
                    .getConfigMapping(ProviderCallConfig.class),
            Clock.systemUTC());
    private final GoogleProvider provider = new GoogleProvider(transport);
    private final List<String> shown = new ArrayList<>();
    private volatile String path;
    private volatile String key;
    private volatile String body;
    private volatile int status = 200;
    private volatile String answer;
    private LlmEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(sent -> {
                    path = request.uri();
                    key = request.getHeader("x-goog-api-key");
                    body = sent.toString();
                    request.response().setStatusCode(status).end(answer);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        endpoint = new LlmEndpoint(
                "gemini", "google", "http://127.0.0.1:" + server.actualPort() + "/v1beta", "AIza-key", null);
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void aConversationIsSaidInGooglesWords() throws Exception {
        // Given
        answer = """
            {"candidates":[{"content":{"parts":[{"text":"thinking","thought":true},{"text":"Warm."}],"role":"model"},
              "finishReason":"MAX_TOKENS"}],
             "usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"thoughtsTokenCount":30},
             "modelVersion":"gemini-2.5-flash-001"}
            """;
        LlmMessage.ToolCall one = new LlmMessage.ToolCall("a", "weather", "{\"city\":\"Pune\"}");
        LlmMessage.ToolCall two = new LlmMessage.ToolCall("b", "time", "");
        LlmRequest request = new LlmRequest(
                "gemini-2.5-flash",
                List.of(
                        LlmMessage.of(Role.SYSTEM, "Be kind."),
                        new LlmMessage(
                                Role.USER,
                                List.of(
                                        new LlmMessage.Text("How is it?"),
                                        new LlmMessage.Image("data:image/png;base64,AAAA"),
                                        new LlmMessage.File("audio/ogg", "", "T2dn"),
                                        new LlmMessage.File("application/pdf", "a.pdf", "JVBERg=="))),
                        new LlmMessage(Role.ASSISTANT, List.of(one, two)),
                        LlmMessage.result(one, "31 degrees"),
                        LlmMessage.result(two, "noon")),
                0.5,
                100,
                List.of("END"),
                new LlmTools(
                        List.of(new LlmTools.Tool("weather", null, JSON.readTree("{\"type\":\"object\"}"), null)),
                        LlmTools.Choice.NAMED,
                        "weather"),
                new LlmFormat("x", JSON.readTree("{\"type\":\"object\"}"), true));

        // When
        LlmReply reply = provider.complete(endpoint, request);

        // Then
        assertThat(reply).isEqualTo(new LlmReply("Warm.", "gemini-2.5-flash-001", "length", new LlmReply.Usage(9, 32)));
        assertThat(path).isEqualTo("/v1beta/models/gemini-2.5-flash:generateContent");
        assertThat(key).isEqualTo("AIza-key");
        JsonNode sent = JSON.readTree(body);
        assertThat(sent.at("/systemInstruction/parts/0/text").asText()).isEqualTo("Be kind.");
        assertThat(sent.at("/contents")).hasSize(3);
        assertThat(sent.at("/contents/0/parts/1/inlineData/mimeType").asText()).isEqualTo("image/png");
        assertThat(sent.at("/contents/0/parts/2").toString())
                .isEqualTo("{\"inlineData\":{\"mimeType\":\"audio/ogg\",\"data\":\"T2dn\"}}");
        assertThat(sent.at("/contents/0/parts/3/inlineData/mimeType").asText()).isEqualTo("application/pdf");
        assertThat(provider.reads()).contains("audio/ogg", "application/pdf");
        assertThat(sent.at("/contents/1/role").asText()).isEqualTo("model");
        assertThat(sent.at("/contents/1/parts/0/functionCall/args/city").asText())
                .isEqualTo("Pune");
        assertThat(sent.at("/contents/2/parts/1/functionResponse/response/result")
                        .asText())
                .isEqualTo("noon");
        assertThat(sent.at("/toolConfig/functionCallingConfig").toString())
                .isEqualTo("{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"weather\"]}");
        assertThat(sent.at("/generationConfig/responseJsonSchema/type").asText())
                .isEqualTo("object");
        assertThat(sent.at("/generationConfig/maxOutputTokens").asInt()).isEqualTo(100);
    }

    @Test
    void aStreamIsPutTogetherAndCalledFunctionsAreFound() {
        answer = """
            data: {"candidates":[{"content":{"parts":[{"text":"Let me "}]}}],"usageMetadata":{"promptTokenCount":4}}

            data: {"candidates":[{"content":{"parts":[{"text":"look."},{"functionCall":{"name":"weather","args":{"city":"Goa"}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":6}}

            """;

        LlmReply reply = provider.stream(endpoint, question(), shown::add);

        assertThat(path).isEqualTo("/v1beta/models/gemini:streamGenerateContent?alt=sse");
        assertThat(shown).containsExactly("Let me ", "look.");
        assertThat(reply.text()).isEqualTo("Let me look.");
        assertThat(reply.finishReason()).isEqualTo("tool_calls");
        assertThat(reply.toolCalls()).containsExactly(new LlmMessage.ToolCall("", "weather", "{\"city\":\"Goa\"}"));
        assertThat(reply.usage()).isEqualTo(new LlmReply.Usage(4, 6));
    }

    @Test
    void whatBreaksOffOrIsUnreadableIsAFailureAndARefusalIsAReply() {
        answer = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Half\"}]}}]}\n\n";
        assertThatThrownBy(() -> provider.stream(endpoint, question(), shown::add))
                .isInstanceOf(LlmFailure.class)
                .hasMessageContaining("broke off");
        answer = "[".repeat(5000);
        assertThatThrownBy(() -> provider.complete(endpoint, question())).isInstanceOf(LlmFailure.class);
        answer = "{\"error\":{\"code\":503}}";
        assertThatThrownBy(() -> provider.complete(endpoint, question())).isInstanceOf(LlmFailure.class);
        status = 400;
        assertThatThrownBy(() -> provider.complete(endpoint, question()))
                .isInstanceOfSatisfying(LlmFailure.class, failure -> assertThat(failure.reason())
                        .isEqualTo(LlmFailure.Reason.REJECTED));
        status = 200;
        answer = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":0}}";
        LlmReply refused = provider.complete(endpoint, question());
        assertThat(refused.finishReason()).isEqualTo("content_filter");
        assertThat(refused.usage()).isEqualTo(new LlmReply.Usage(0, 0));
    }

    @Test
    void whatTheVendorSealedGoesBackAsItCameAndOthersCallsAreMarked() throws Exception {
        // Given a call that this vendor made, and one of another
        answer = """
            {"candidates":[{"content":{"parts":[{"functionCall":{"id":"fc-1","name":"weather","args":{}},"thoughtSignature":"c2VhbA=="}]},
              "finishReason":"STOP"}]}
            """;
        LlmMessage.ToolCall sealed =
                provider.complete(endpoint, question()).toolCalls().getFirst();
        LlmMessage.ToolCall others = new LlmMessage.ToolCall("call_7", "time", "no json");
        List<LlmMessage> told = List.of(
                LlmMessage.of(Role.USER, "Hi"),
                new LlmMessage(Role.ASSISTANT, List.of(sealed, others)),
                LlmMessage.result(sealed, "31"),
                LlmMessage.result(others, "noon"),
                new LlmMessage(Role.ASSISTANT, List.of(others)),
                LlmMessage.result(others, "noon"),
                new LlmMessage(Role.USER, List.of(new LlmMessage.Image("https://example.com/a.PNG?x=1"))));

        // When
        provider.complete(endpoint, new LlmRequest("gemini-3-pro", told, null, null, List.of()));
        JsonNode third = JSON.readTree(body).at("/contents");
        provider.complete(endpoint, new LlmRequest("gemini-2.5-flash", told, null, null, List.of()));
        JsonNode second = JSON.readTree(body).at("/contents");

        // Then
        assertThat(third.at("/1/parts").toString())
                .isEqualTo(
                        "[{\"functionCall\":{\"id\":\"fc-1\",\"name\":\"weather\",\"args\":{}},\"thoughtSignature\":\"c2VhbA==\"},"
                                + "{\"functionCall\":{\"name\":\"time\",\"args\":{}}}]");
        assertThat(third.at("/2/parts/0/functionResponse/id").asText()).isEqualTo("fc-1");
        assertThat(third.at("/3/parts/0/thoughtSignature").asText()).isEqualTo("skip_thought_signature_validator");
        assertThat(third.at("/5/parts/0/fileData/mimeType").asText()).isEqualTo("image/png");
        assertThat(second.at("/3/parts/0").has("thoughtSignature")).isFalse();
    }

    private static LlmRequest question() {
        return new LlmRequest("gemini", List.of(LlmMessage.of(Role.USER, "Hi")), null, null, List.of());
    }
}
