package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LastAnswersTest {
    private static final Supplier<String> AWAY = () -> {
        throw CommonProblem.unavailable("policy-service", new IllegalStateException());
    };

    @Test
    void onlyAServiceThatIsAwayIsAnsweredFor() {
        LastAnswers<String, String> answers = new LastAnswers<>(Duration.ofMinutes(1), 10);
        assertThat(answers.ask("a", () -> "first")).isEqualTo("first");
        assertThat(answers.ask("a", () -> "second")).isEqualTo("second");

        assertThat(answers.ask("a", AWAY)).isEqualTo("second");
        assertThatThrownBy(() -> answers.ask("b", AWAY)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> answers.ask("a", () -> {
                    throw new Problem(CommonProblem.FORBIDDEN);
                }))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("FORBIDDEN");
    }

    @Test
    void notForLong() throws InterruptedException {
        LastAnswers<String, String> answers = new LastAnswers<>(Duration.ofMillis(20), 10);
        answers.ask("a", () -> "first");
        Thread.sleep(40);

        assertThatThrownBy(() -> answers.ask("a", AWAY)).isInstanceOf(Problem.class);
    }
}
