package dev.parley.channel.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.outbound.PromptMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void answeredTurnsComeOldestFirstAndEndInTheNewMessage() {
        List<History.Line> newestFirst = List.of(reply(2, "two"), asked(2, "b"), reply(1, "one"), asked(1, "a"));

        assertThat(History.prompt(newestFirst, "c", 20, 1000))
                .containsExactly(
                        new PromptMessage("user", "a"),
                        new PromptMessage("assistant", "one"),
                        new PromptMessage("user", "b"),
                        new PromptMessage("assistant", "two"),
                        new PromptMessage("user", "c"));
    }

    @Test
    void whatWasNeverAnsweredIsLeftOut() {
        List<History.Line> newestFirst = List.of(asked(3, "refused"), reply(2, "two"), asked(2, "b"), asked(1, "lost"));

        assertThat(History.prompt(newestFirst, "c", 20, 1000))
                .extracting(PromptMessage::content)
                .containsExactly("b", "two", "c");
    }

    @Test
    void atMostTwentyEarlierMessagesAreTold() {
        List<History.Line> newestFirst = new ArrayList<>();
        for (int seq = 30; seq > 0; seq--) {
            newestFirst.add(reply(seq, "reply " + seq));
            newestFirst.add(asked(seq, "question " + seq));
        }

        List<PromptMessage> prompt = History.prompt(newestFirst, "now", 20, 8000);

        assertThat(prompt).hasSize(21);
        assertThat(prompt.getFirst()).isEqualTo(new PromptMessage("user", "question 21"));
    }

    @Test
    void tokensLimitTheHistoryAndItNeverBeginsWithAReply() {
        List<History.Line> newestFirst = List.of(
                reply(2, "x".repeat(10)),
                asked(2, "y".repeat(10)),
                reply(1, "z".repeat(10)),
                asked(1, "long".repeat(100)));

        assertThat(History.prompt(newestFirst, "now", 20, 10))
                .extracting(PromptMessage::content)
                .containsExactly("y".repeat(10), "x".repeat(10), "now");
    }

    @Test
    void tokensAreAThirdOfTheCharactersRoundedUp() {
        assertThat(History.estimate(List.of(new PromptMessage("user", "")))).isEqualTo(1);
        assertThat(History.estimate(List.of(new PromptMessage("user", "1234")))).isEqualTo(2);
        assertThat(History.estimate(
                        List.of(new PromptMessage("user", "123"), new PromptMessage("assistant", "123456"))))
                .isEqualTo(3);
        assertThat(History.estimate(List.of(new PromptMessage(
                        "user",
                        List.of(
                                Map.of("type", "text", "text", "123"),
                                Map.of("type", "image_url", "image_url", Map.of("url", "https://x")))))))
                .isEqualTo(1001);
    }

    private static History.Line reply(long seq, String text) {
        return new History.Line(seq, 1, "assistant", text);
    }

    private static History.Line asked(long seq, String text) {
        return new History.Line(seq, 0, "user", text);
    }
}
