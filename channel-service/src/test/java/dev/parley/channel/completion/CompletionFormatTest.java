package dev.parley.channel.completion;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.message.Answer;
import dev.parley.channel.message.LiveAnswer.Delta;
import dev.parley.channel.message.LiveAnswer.Done;
import dev.parley.channel.message.LiveAnswer.Failed;
import dev.parley.channel.message.LiveAnswer.Frame;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CompletionFormatTest {
    private static final Answer ANSWER = new Answer(
            null,
            new Answer.Reply(UUID.randomUUID(), "Hello", 7, "stop", Instant.EPOCH),
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
                {"id":"c1","object":"chat.completion","created":9,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}""");
    }

    private static CompletionFormat format(boolean usage) {
        return new CompletionFormat(new ObjectMapper(), "c1", "m", 9, usage);
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
