package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j's Anthropic client, the one agent-service uses, against the simulated wire format. */
class AnthropicClientTest {

    private static final World WORLD = new World();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
    }

    private static AnthropicChatModel model(int mostTokens) {
        return AnthropicChatModel.builder()
                .baseUrl(WORLD.url() + "/anthropic/v1")
                .apiKey("sk-ant")
                .modelName("claude-demo")
                .maxTokens(mostTokens)
                .maxRetries(0)
                .build();
    }

    @Test
    void wholeReplyEchoesAndCounts() {
        ChatResponse response = model(500).chat(SystemMessage.from("Be kind."), UserMessage.from("It is blue"));

        assertThat(response.aiMessage().text()).startsWith("Got it: “It is blue”.");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        // 3 + (4 + ceil(8/4)) + (4 + ceil(10/4))
        assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(16);
        assertThat(response.tokenUsage().outputTokenCount())
                .isEqualTo((response.aiMessage().text().length() + 3) / 4);
    }

    @Test
    void aScriptedModelCallsFunctions() throws Exception {
        // Given
        WORLD.control(
                "PUT",
                "/llm/replies",
                "{\"text\":\"Let me"
                        + " look.\",\"tool_calls\":[{\"name\":\"weather\",\"arguments\":{\"city\":\"Pune\"}}]}");
        AnthropicStreamingChatModel streaming = AnthropicStreamingChatModel.builder()
                .baseUrl(WORLD.url() + "/anthropic/v1")
                .apiKey("sk-ant")
                .modelName("claude-demo")
                .maxTokens(500)
                .build();
        CompletableFuture<ChatResponse> streamed = new CompletableFuture<>();

        // When
        ChatResponse whole = model(500).chat(UserMessage.from("How is it?"));
        streaming.chat("How is it?", new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                streamed.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                streamed.completeExceptionally(error);
            }
        });

        // Then
        for (ChatResponse response : List.of(whole, streamed.get(5, TimeUnit.SECONDS))) {
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(response.aiMessage().text()).isEqualTo("Let me look.");
            assertThat(response.aiMessage().toolExecutionRequests())
                    .singleElement()
                    .satisfies(call -> {
                        assertThat(call.name()).isEqualTo("weather");
                        assertThat(call.arguments().replaceAll("\\s", "")).isEqualTo("{\"city\":\"Pune\"}");
                        assertThat(call.id()).startsWith("toolu_01");
                    });
        }
    }

    @Test
    void maxTokensIsTheStopReason() {
        ChatResponse response = model(2).chat(UserMessage.from("hi"));

        assertThat(response.aiMessage().text()).isEqualTo("Hello! Y");
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void streamSaysTheSame() throws Exception {
        AnthropicStreamingChatModel streaming = AnthropicStreamingChatModel.builder()
                .baseUrl(WORLD.url() + "/anthropic/v1")
                .apiKey("sk-ant")
                .modelName("claude-demo")
                .maxTokens(500)
                .build();
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        StringBuilder partial = new StringBuilder();

        streaming.chat(List.of(UserMessage.from("It is blue")), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                partial.append(text);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }
        });
        ChatResponse response = done.get(3, TimeUnit.SECONDS);

        assertThat(partial.toString())
                .isEqualTo(response.aiMessage().text())
                .isEqualTo(model(500)
                        .chat(UserMessage.from("It is blue"))
                        .aiMessage()
                        .text());
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo((partial.length() + 3) / 4);
    }

    @Test
    void eventsComeInAnthropicsOrder() {
        HttpResponse<String> response = WORLD.send(
                "POST",
                "/anthropic/v1/messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "x-api-key",
                "k",
                "anthropic-version",
                "2023-06-01");

        assertThat(response.body()
                        .lines()
                        .filter(line -> line.startsWith("event: "))
                        .map(line -> line.substring(7)))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void keysComeInEitherHeader() {
        for (String[] shown : new String[][] {{"authorization", "Bearer k"}, {"x-api-key", "k"}}) {
            assertThat(WORLD.send("POST", "/anthropic/v1/messages", "{}", shown).statusCode())
                    .isEqualTo(400);
        }
        for (String[] shown : new String[][] {
            {"authorization", "Bearer invalid"}, {"authorization", "Basic k"}, {"x-api-key", "invalid"}, {}
        }) {
            assertThat(WORLD.send("POST", "/anthropic/v1/messages", "{}", shown).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void versionHeaderIsRequired() {
        HttpResponse<String> response = WORLD.send("POST", "/anthropic/v1/messages", "{}", "x-api-key", "k");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getJsonObject("error").getString("message"))
                .isEqualTo("anthropic-version: header is required");
    }

    @Test
    void rateLimitIsAnthropics() {
        WORLD.control("PUT", "/faults/llm", "{\"status\":429,\"path\":\"/anthropic\"}");

        assertThatThrownBy(() -> model(5).chat(UserMessage.from("x"))).isInstanceOf(RateLimitException.class);
    }
}
