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
import dev.parley.agent.provider.LlmReply;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    private volatile String answer = whole("{\"type\":\"text\",\"text\":\"Yes\"}", "end_turn");
    private LlmEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(sent -> {
                    body = sent.toString();
                    request.response().end(answer);
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

    @ParameterizedTest
    @CsvSource({
        "end_turn,stop",
        "stop_sequence,stop",
        "max_tokens,length",
        "model_context_window_exceeded,length",
        "pause_turn,length",
        "refusal,content_filter",
        "something_new,stop"
    })
    void whyAnAnswerEndedIsSaidInOurWords(String wire, String ours) {
        LlmRequest question = asking(LlmMessage.of(Role.USER, "Hi"));

        answer = whole("{\"type\":\"text\",\"text\":\"Yes\"}", wire);
        LlmReply whole = provider.complete(endpoint, question);
        answer = pieces("Yes", wire);
        LlmReply streamed = provider.stream(endpoint, question, piece -> {});

        assertThat(whole.finishReason()).isEqualTo(ours);
        assertThat(streamed.finishReason()).isEqualTo(ours);
        assertThat(whole.usage()).isEqualTo(new LlmReply.Usage(3, 1));
        assertThat(streamed.usage()).isEqualTo(new LlmReply.Usage(3, 1));
    }

    @Test
    void aRefusalWithoutAWordIsOneToo() {
        LlmRequest question = asking(LlmMessage.of(Role.USER, "Hi"));

        answer = whole("", "refusal");
        LlmReply whole = provider.complete(endpoint, question);
        answer = pieces("", "refusal");
        LlmReply streamed = provider.stream(endpoint, question, piece -> {});

        assertThat(whole.finishReason()).isEqualTo("content_filter");
        assertThat(whole.text()).isEmpty();
        assertThat(streamed.finishReason()).isEqualTo("content_filter");
        assertThat(streamed.text()).isEmpty();
    }

    private static String whole(String content, String stopReason) {
        return """
            {"id":"m","type":"message","role":"assistant","model":"claude","content":[%s],
             "stop_reason":"%s","usage":{"input_tokens":3,"output_tokens":1}}
            """.formatted(content, stopReason);
    }

    private static String pieces(String text, String stopReason) {
        return """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude","content":[],\
            "stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":1}}

            event: message_stop
            data: {"type":"message_stop"}

            """.formatted(text, stopReason);
    }

    private static LlmRequest asking(LlmMessage... messages) {
        return new LlmRequest("claude", List.of(messages), null, null, List.of());
    }
}
