package dev.parley.channel.completion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.answer.LiveAnswer.Delta;
import dev.parley.channel.answer.LiveAnswer.Done;
import dev.parley.channel.answer.LiveAnswer.Failed;
import dev.parley.channel.answer.LiveAnswer.Frame;
import dev.parley.channel.outbound.RunResult;
import dev.parley.channel.turn.Answer;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompletionFormatTest {
    private static final Answer ANSWER = new Answer(
            null,
            new Answer.Reply(UUID.randomUUID(), "Hello", 7, null, "stop", Instant.EPOCH),
            new Answer.Usage(3L, 11, 5),
            UUID.randomUUID());

    @Test
    void aStreamIsRoleTextsFinishUsageAndDone() throws IOException {
        assertThat(written(true, new Delta("Hel"), new Delta("lo"), new Done(ANSWER)))
                .isEqualTo("""
                    data: {"id":"c1","object":"chat.completion.chunk","created":9,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"c1","object":"chat.completion.chunk","created":9,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"c1","object":"chat.completion.chunk","created":9,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":null}],"usage":null}

                    data: {"id":"c1","object":"chat.completion.chunk","created":9,"model":"m","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}

                    data: {"id":"c1","object":"chat.completion.chunk","created":9,"model":"m","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}

                    data: [DONE]

                    """);
    }

    @Test
    void anAnswerFromBeforeComesAsOneChunkAndUsageOnlyWhenAskedFor() throws IOException {
        String written = written(false, new Done(ANSWER));

        assertThat(written).contains("\"delta\":{\"content\":\"Hello\"}").endsWith("data: [DONE]\n\n");
        assertThat(written).doesNotContain("usage");
    }

    @Test
    void aFailureIsAnErrorFrameWithoutDone() throws IOException {
        String written = written(
                false, new Delta("Hel"), new Failed(new Problem(CommonProblem.RATE_LIMITED).detail("Slow down.")));

        assertThat(written)
                .endsWith("data: {\"error\":{\"message\":\"Slow down.\",\"type\":\"rate_limit_error\","
                        + "\"code\":\"rate_limited\",\"param\":null}}\n\n")
                .doesNotContain("[DONE]");
    }

    @Test
    void wholeAnswersHaveOpenAisShape() {
        assertThat(format(false).whole(ANSWER)).hasToString("""
            {"id":"c1","object":"chat.completion","created":9,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}\
            """);
    }

    @Test
    void functionCallsStandInTheMessageAndInChunksByIndex() throws IOException {
        // Given
        Answer calling = new Answer(
                ANSWER.message(),
                new Answer.Reply(UUID.randomUUID(), "", 1, null, "tool_calls", Instant.EPOCH),
                ANSWER.usage(),
                ANSWER.operationId());
        List<RunResult.ToolCall> calls = List.of(
                new RunResult.ToolCall("call_1", "weather", "{\"city\":\"Pune\"}"),
                new RunResult.ToolCall("call_2", "time", "{}"));

        // When
        String whole = format(false, calls).whole(calling).at("/choices/0").toString();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format(false, calls).write(new Done(calling), out);

        // Then
        assertThat(whole).isEqualTo("""
            {"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Pune\\"}"}},{"id":"call_2","type":"function","function":{"name":"time","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}\
            """);
        assertThat(out.toString(StandardCharsets.UTF_8).split("\n\n"))
                .hasSize(5)
                .satisfies(frames -> {
                    assertThat(frames[0]).contains("\"delta\":{\"role\":\"assistant\",\"content\":null}");
                    assertThat(frames[1]).contains("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\"");
                    assertThat(frames[2]).contains("\"tool_calls\":[{\"index\":1,\"id\":\"call_2\"");
                    assertThat(frames[3]).contains("\"finish_reason\":\"tool_calls\"");
                    assertThat(frames[4]).isEqualTo("data: [DONE]");
                });
    }

    @Test
    void functionsThatNobodyCanTellAnyMoreEndTheStreamInAnErrorFrame() throws IOException {
        CompletionFormat format = new CompletionFormat(new ObjectMapper(), "c1", "m", 9, false, answer -> {
            throw new Problem(CommonProblem.UNAVAILABLE).detail("agent-service is away.");
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        format.write(new Done(ANSWER), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("agent-service is away.")
                .startsWith("data: {\"error\":")
                .doesNotContain("[DONE]");
    }

    private static CompletionFormat format(boolean usage) {
        return format(usage, List.of());
    }

    private static CompletionFormat format(boolean usage, List<RunResult.ToolCall> calls) {
        return new CompletionFormat(new ObjectMapper(), "c1", "m", 9, usage, answer -> calls);
    }

    private static String written(boolean usage, Frame... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletionFormat format = format(usage);
        for (Frame frame : frames) {
            format.write(frame, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
