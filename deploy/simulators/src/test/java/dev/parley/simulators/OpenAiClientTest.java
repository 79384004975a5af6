package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's own Java client as the judge of the simulated wire format. */
class OpenAiClientTest {

    private static final World WORLD = new World();
    private static final OpenAIClient CLIENT = client("sk-test", Duration.ofSeconds(60));

    private static OpenAIClient client(String key, Duration timeout) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(WORLD.url() + "/llm/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(timeout)
                .build();
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder()
                .model("parley-demo")
                .addSystemMessage("Be kind.")
                .addUserMessage(text);
    }

    private static List<ChatCompletionChunk> stream(ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> response =
                CLIENT.chat().completions().createStreaming(params)) {
            return response.stream().toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk ->
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append)));
        return text.toString();
    }

    @Test
    void wholeReplyEchoesTheGistAndCountsTokensByTheFormula() {
        ChatCompletion completion = CLIENT.chat()
                .completions()
                .create(ask("Where is   my\norder 42?").build());

        ChatCompletion.Choice choice = completion.choices().getFirst();
        String text = choice.message().content().orElseThrow();
        assertThat(text).startsWith("Good question: “Where is my order 42?” I am the demo model");
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        // 3 + (4 + ceil(8/4)) + (4 + ceil(23/4))
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(19);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo((text.length() + 3) / 4);
        assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(19 + (text.length() + 3) / 4);
    }

    @Test
    void replyRemembersTheMessageBefore() {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model("parley-demo")
                .addUserMessage("I ordered a lamp")
                .addAssistantMessage("Noted.")
                .addUserMessage("It is blue")
                .build();

        String text = CLIENT.chat()
                .completions()
                .create(params)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();

        assertThat(text).startsWith("Got it: “It is blue”.").endsWith("Before that you wrote: “I ordered a lamp”.");
    }

    @Test
    void streamSaysTheSameAsTheWholeReply() {
        String whole = CLIENT.chat()
                .completions()
                .create(ask("Grüße 😀 an alle").build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();

        List<ChatCompletionChunk> chunks = stream(ask("Grüße 😀 an alle")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

        assertThat(text(chunks)).isEqualTo(whole);
        assertThat(chunks.getFirst().choices().getFirst().delta().role())
                .contains(ChatCompletionChunk.Choice.Delta.Role.ASSISTANT);
        assertThat(chunks.get(chunks.size() - 2).choices().getFirst().finishReason())
                .contains(ChatCompletionChunk.Choice.FinishReason.STOP);
        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                .isEqualTo((whole.codePointCount(0, whole.length()) + 3) / 4);
        assertThat(chunks).hasSize((int) chunks.getLast().usage().orElseThrow().completionTokens() + 3);
    }

    @Test
    void streamEndsWithDone() {
        HttpResponse<String> response = WORLD.send(
                "POST",
                "/llm/v1/chat/completions",
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "authorization",
                "Bearer sk-1");

        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.body()).endsWith("\n\ndata: [DONE]\n\n").doesNotContain("usage");
    }

    @Test
    void maxTokensCutsTheReplyWithFinishReasonLength() {
        ChatCompletion completion = CLIENT.chat()
                .completions()
                .create(ask("Hello").maxCompletionTokens(5).build());

        assertThat(completion.choices().getFirst().message().content()).contains("Hello! You wrote “He");
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(5);
    }

    @Test
    void modelsAreListed() {
        assertThat(CLIENT.models().list().data()).extracting(Model::id).contains("parley-demo");
    }

    @Test
    void keyThatIsCalledInvalidIsRefused() {
        assertThatThrownBy(() ->
                        client("sk-invalid", Duration.ofSeconds(60)).models().list())
                .isInstanceOf(UnauthorizedException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | you must provide a model parameter",
                "{\"model\":\"m\"} | Missing required parameter: 'messages'.",
                "{\"model\":\"m\",\"messages\":[],\"n\":1} | Invalid 'messages': empty array.",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}]} | Invalid value: 'boss'.",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":null}]} | Invalid value for 'content'",
                "{\"model\":\"m\",\"max_tokens\":0,\"messages\":[]} | Invalid 'max_tokens': integer below minimum"
                        + " value.",
                "{\"model\":\"m\",\"colour\":1,\"messages\":[]} | Unrecognized request argument supplied: colour",
                "{\"model\":\"m\",\"messages\":[ | We could not parse the JSON body of your request."
            })
    void badRequestIsExplained(String body, String message) {
        HttpResponse<String> response =
                WORLD.send("POST", "/llm/v1/chat/completions", body, "authorization", "Bearer sk-1");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonObject error = new JsonObject(response.body()).getJsonObject("error");
        assertThat(error.getString("message")).startsWith(message);
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
    }

    @Test
    void clientSeesABadRequestAsSuch() {
        assertThatThrownBy(
                        () -> CLIENT.chat().completions().create(ask("x").n(2).build()))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void rateLimitComesWithRetryAfterAndThenPasses() {
        WORLD.control("PUT", "/faults/llm", "{\"status\":429,\"retry_after\":7,\"times\":1}");

        assertThatThrownBy(() -> CLIENT.chat().completions().create(ask("x").build()))
                .isInstanceOfSatisfying(RateLimitException.class, limited -> {
                    assertThat(limited.headers().values("retry-after")).containsExactly("7");
                    assertThat(limited.code()).contains("rate_limit_exceeded");
                });
        assertThat(CLIENT.chat().completions().create(ask("x").build()).choices())
                .hasSize(1);
    }

    @Test
    void serverErrorAppliesOnlyToRequestsThatMatch() {
        WORLD.control("PUT", "/faults/llm", "{\"status\":500,\"match\":\"poison\"}");

        assertThatThrownBy(
                        () -> CLIENT.chat().completions().create(ask("poison").build()))
                .isInstanceOf(InternalServerException.class);
        assertThat(CLIENT.chat().completions().create(ask("water").build()).choices())
                .hasSize(1);
    }

    @Test
    void quietlyCutStreamHasNoFinishReason() {
        WORLD.control("PUT", "/faults/llm", "{\"cut_after_tokens\":3}");

        List<ChatCompletionChunk> chunks = stream(ask("Hello").build());

        assertThat(text(chunks)).isEqualTo("Hello! You w");
        assertThat(chunks)
                .allSatisfy(chunk ->
                        assertThat(chunk.choices().getFirst().finishReason()).isEmpty());
    }

    @Test
    void resetStreamFailsAfterItsFirstTokens() {
        WORLD.control("PUT", "/faults/llm", "{\"cut_after_tokens\":3,\"cut\":\"reset\",\"token_delay_ms\":5}");

        assertThatThrownBy(() -> stream(ask("Hello").build())).isInstanceOf(OpenAIException.class);
    }

    @Test
    void errorFrameInTheStreamIsThrown() {
        WORLD.control("PUT", "/faults/llm", "{\"cut_after_tokens\":3,\"cut\":\"error\"}");

        assertThatThrownBy(() -> stream(ask("Hello").build())).isInstanceOf(OpenAIException.class);
    }

    @Test
    void hangingProviderRunsIntoTheClientsDeadline() {
        WORLD.control("PUT", "/faults/llm", "{\"hang\":true,\"times\":1}");

        assertThatThrownBy(() -> client("sk-test", Duration.ofSeconds(1))
                        .chat()
                        .completions()
                        .create(ask("x").build()))
                .isInstanceOf(OpenAIIoException.class);
        assertThat(WORLD.control("GET", "/counters", null).getInteger("llm.hung"))
                .isEqualTo(1);
    }

    @Test
    void malformedAnswerCannotBeRead() {
        WORLD.control("PUT", "/faults/llm", "[{\"malformed\":true}]");

        assertThatThrownBy(() -> CLIENT.chat().completions().create(ask("x").build()))
                .isInstanceOf(OpenAIException.class);
        assertThatThrownBy(() -> stream(ask("x").build())).isInstanceOf(OpenAIException.class);
    }

    @Test
    void wholeAnswerCanBeCutInTheMiddle() {
        WORLD.control("PUT", "/faults/llm", "{\"cut_after_tokens\":1}");

        assertThatThrownBy(() -> CLIENT.chat().completions().create(ask("x").build()))
                .isInstanceOf(OpenAIException.class);
    }

    @Test
    void scriptedReplyWinsWhereItMatches() {
        WORLD.control("PUT", "/llm/replies", "{\"match\":\"lamp\",\"text\":\"On. \",\"repeat\":3}");

        assertThat(CLIENT.chat()
                        .completions()
                        .create(ask("the lamp").build())
                        .choices()
                        .getFirst()
                        .message()
                        .content())
                .contains("On. On. On. ");
        assertThat(CLIENT.chat()
                        .completions()
                        .create(ask("the door").build())
                        .choices()
                        .getFirst()
                        .message()
                        .content()
                        .orElseThrow())
                .startsWith("Got it");
    }

    @Test
    void aScriptedModelCallsFunctionsWholeAndStreamedByIndex() {
        // Given
        WORLD.control("PUT", "/llm/replies", """
            [{"match":"31 degrees","text":"It is warm."},
             {"match":"weather in","tool_calls":[{"name":"weather","arguments":{"city":"Pune"}},
                                                 {"name":"time","arguments":"not even JSON"}]}]
            """);
        ChatCompletionCreateParams params = ask("weather in Pune").build();

        // When
        ChatCompletion.Choice whole =
                CLIENT.chat().completions().create(params).choices().getFirst();
        ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
        stream(params).forEach(streamed::accumulate);
        ChatCompletion.Choice pieced = streamed.chatCompletion().choices().getFirst();

        // Then
        for (ChatCompletion.Choice choice : List.of(whole, pieced)) {
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
            assertThat(choice.message().content().filter(text -> !text.isEmpty()))
                    .isEmpty();
            assertThat(choice.message().toolCalls().orElseThrow())
                    .extracting(call -> call.asFunction().function().name() + " "
                            + call.asFunction().function().arguments())
                    .containsExactly("weather {\"city\":\"Pune\"}", "time not even JSON");
        }
        String id = whole.message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction()
                .id();
        assertThat(CLIENT.chat()
                        .completions()
                        .create(ask("weather in Pune")
                                .addMessage(whole.message())
                                .addMessage(ChatCompletionToolMessageParam.builder()
                                        .toolCallId(id)
                                        .content("31 degrees")
                                        .build())
                                .build())
                        .choices()
                        .getFirst()
                        .message()
                        .content())
                .contains("It is warm.");
    }

    @Test
    void billedTokensAddUpInTheCounters() {
        ChatCompletion first = CLIENT.chat().completions().create(ask("one").build());
        ChatCompletion second =
                CLIENT.chat().completions().create(ask("two, longer").build());

        JsonObject counters = WORLD.control("GET", "/counters", null);
        assertThat(counters.getInteger("llm.completions")).isEqualTo(2);
        assertThat(counters.getLong("llm.prompt_tokens") + counters.getLong("llm.completion_tokens"))
                .isEqualTo(first.usage().orElseThrow().totalTokens()
                        + second.usage().orElseThrow().totalTokens());
    }
}
