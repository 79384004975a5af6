package dev.parley.agent.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmMessage.ToolCall;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.provider.wire.ProviderTransports;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnthropicProviderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Vertx vertx = Vertx.vertx();
    private final AnthropicProvider provider =
            new AnthropicProvider(ProviderTransports.standard(vertx), new AnthropicConfig() {
                @Override
                public String version() {
                    return "2023-06-01";
                }

                @Override
                public int maxTokens() {
                    return 100;
                }
            });
    private volatile String body;
    private LlmEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(sent -> {
                    body = sent.toString();
                    request.response().end("""
                        {"id":"m","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Yes"}],
                         "stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}
                        """);
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        endpoint = new LlmEndpoint(
                "claude", "anthropic", "http://127.0.0.1:" + server.actualPort() + "/v1", "sk-ant", null);
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void aSchemaGoesOutAsItWasWritten() throws Exception {
        JsonNode schema = JSON.readTree("""
            {"type":"object","properties":{"who":{"$ref":"#/$defs/person"}},"required":["who"],"additionalProperties":false,
             "$defs":{"person":{"type":"object","properties":{"name":{"type":"string"}}}},"minProperties":1}
            """);
        LlmRequest request = asking(LlmMessage.of(Role.USER, "Hi"))
                .with(LlmTools.offer(List.of(
                        new LlmTools.Tool("greet", "Greets", schema, null),
                        new LlmTools.Tool("wave", null, null, null))));

        assertThat(provider.complete(endpoint, request).text()).isEqualTo("Yes");

        assertThat(JSON.readTree(body).at("/tools/0/input_schema")).isEqualTo(schema);
        assertThat(JSON.readTree(body).at("/tools/0/name").asText()).isEqualTo("greet");
        assertThat(JSON.readTree(body).at("/tools/1/input_schema/type").asText())
                .isEqualTo("object");
    }

    @Test
    void aPdfGoesOutAsADocument() throws Exception {
        provider.complete(
                endpoint,
                asking(new LlmMessage(
                        Role.USER,
                        List.of(
                                new LlmMessage.Text("What is it?"),
                                new LlmMessage.File("application/pdf", "a.pdf", "JVBERg==")))));

        assertThat(JSON.readTree(body).at("/messages/0/content/1").toString())
                .isEqualTo("{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\","
                        + "\"data\":\"JVBERg==\"}}");
        assertThat(provider.reads()).containsExactly("application/pdf");
    }

    @Test
    void whatCannotBeSaidIsRefusedWithoutACallAndTellsNothingOfTheProvider() {
        LlmRequest picture = asking(new LlmMessage(Role.USER, List.of(new LlmMessage.Image("https://a b/c.png"))));

        assertThatThrownBy(() -> provider.complete(endpoint, picture))
                .isInstanceOfSatisfying(LlmFailure.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(LlmFailure.Reason.REJECTED);
                    assertThat(failure.health()).isEqualTo(LlmFailure.Health.WELL);
                });
        assertThatThrownBy(() -> provider.stream(endpoint, picture, piece -> {}))
                .isInstanceOf(LlmFailure.class);
        assertThat(body).isNull();
    }

    @Test
    void argumentsThatAreNoJsonDoNotStopTheConversation() throws Exception {
        ToolCall broken = new ToolCall("t1", "greet", "{\"who\":");

        provider.complete(
                endpoint,
                asking(
                                LlmMessage.of(Role.USER, "Hi"),
                                new LlmMessage(Role.ASSISTANT, List.of(broken)),
                                LlmMessage.result(broken, "The arguments are not JSON."))
                        .with(LlmTools.offer(List.of(new LlmTools.Tool("greet", null, null, null)))));

        assertThat(JSON.readTree(body).at("/messages/1/content/0/input").toString())
                .isEqualTo("{}");
    }

    private static LlmRequest asking(LlmMessage... messages) {
        return new LlmRequest("claude", List.of(messages), null, null, List.of());
    }
}
