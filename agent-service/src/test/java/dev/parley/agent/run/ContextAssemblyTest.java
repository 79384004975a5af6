package dev.parley.agent.run;

import static dev.parley.agent.provider.LlmMessage.Role.ASSISTANT;
import static dev.parley.agent.provider.LlmMessage.Role.SYSTEM;
import static dev.parley.agent.provider.LlmMessage.Role.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.platform.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextAssemblyTest {
    // each message of four letters is five tokens
    private static final List<LlmMessage> TALK = List.of(
            LlmMessage.of(USER, "aaaa"),
            LlmMessage.of(ASSISTANT, "bbbb"),
            LlmMessage.of(SYSTEM, "note"),
            LlmMessage.of(USER, "cccc"),
            LlmMessage.of(ASSISTANT, "dddd"),
            LlmMessage.of(USER, "eeee"));

    @Test
    void everythingIsKeptWhenItFits() {
        assertThat(texts(ContextAssembly.assemble("rule", TALK, 35)))
                .containsExactly("rule", "note", "aaaa", "bbbb", "cccc", "dddd", "eeee");
    }

    @Test
    void theOldestGoFirstAndWhatRemainsStartsWithAQuestion() {
        assertThat(texts(ContextAssembly.assemble("rule", TALK, 34)))
                .containsExactly("rule", "note", "cccc", "dddd", "eeee");
        assertThat(texts(ContextAssembly.assemble("rule", TALK, 25)))
                .containsExactly("rule", "note", "cccc", "dddd", "eeee");
        assertThat(texts(ContextAssembly.assemble("rule", TALK, 24))).containsExactly("rule", "note", "eeee");
        assertThat(texts(ContextAssembly.assemble("rule", TALK, 15))).containsExactly("rule", "note", "eeee");
    }

    @Test
    void theLastMessageIsNeverDropped() {
        assertThatThrownBy(() -> ContextAssembly.assemble("rule", TALK, 14))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(RunProblem.CONTEXT_TOO_LARGE));
    }

    @Test
    void aConversationThatEndsWithAnAnswerIsRefused() {
        assertThatThrownBy(() -> ContextAssembly.assemble("rule", TALK.subList(0, 2), 1000))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(RunProblem.MESSAGE_INVALID));
    }

    @Test
    void tokensAreCountedByLettersAndBySignsBeyondAscii() {
        assertThat(TokenEstimate.of("")).isZero();
        assertThat(TokenEstimate.of("abcde")).isEqualTo(2);
        assertThat(TokenEstimate.of("नमस्ते")).isEqualTo(6);
        assertThat(TokenEstimate.of("\uD83D\uDE00")).isEqualTo(1);
        assertThat(TokenEstimate.of(new LlmMessage(USER, List.of(new LlmMessage.Image("https://x")))))
                .isEqualTo(1004);
    }

    @Test
    void theLowestLimitCounts() {
        assertThat(RunPlanner.lowest(null, null, null)).isNull();
        assertThat(RunPlanner.lowest(300, null, 200)).isEqualTo(200);
        assertThat(RunPlanner.lowest(null, 100, 200)).isEqualTo(100);
    }

    private static List<String> texts(List<LlmMessage> messages) {
        return messages.stream().map(LlmMessage::text).toList();
    }
}
