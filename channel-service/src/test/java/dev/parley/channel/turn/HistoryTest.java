package dev.parley.channel.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.channel.outbound.PromptMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Object TEXT = Map.of("type", "text", "text", "123");

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
        assertThat(estimate("")).isEqualTo(1);
        assertThat(estimate("1234")).isEqualTo(2);
        assertThat(History.estimate(
                        List.of(new PromptMessage("user", "123"), new PromptMessage("assistant", "123456")), Map.of()))
                .isEqualTo(3);
        assertThat(estimate(List.of(TEXT, Images.part("image/png", null, "https://x"))))
                .isEqualTo(1_001);
    }

    @Test
    void filesAreHeldByTheirTypeAndSize() {
        assertThat(estimate(List.of(TEXT, file("application/pdf", 400_000)))).isEqualTo(19_201);
        assertThat(estimate(List.of(TEXT, file("application/pdf", 3)))).isEqualTo(2_401);
        assertThat(estimate(List.of(TEXT, file("audio/ogg", 120_000)))).isEqualTo(1_921);
        assertThat(estimate(List.of(TEXT, file("audio/mpeg", 480_000)))).isEqualTo(1_921);
        assertThat(estimate(List.of(TEXT, file("image/png", 400_000), file("image/png", 3))))
                .isEqualTo(2_001);
    }

    @Test
    void whatIsKeptHereIsHeldBeforeItsBytesAreRead() {
        UUID document = UUID.randomUUID();
        List<Object> content = List.of(
                TEXT,
                Images.part("application/pdf", null, Images.KEPT + document),
                Images.part("image/png", null, Images.KEPT + UUID.randomUUID()));

        assertThat(History.estimate(
                        List.of(new PromptMessage("user", content)),
                        Map.of(document, FileTokens.of("application/pdf", 400_000))))
                .isEqualTo(19_201);
        assertThat(FileTokens.of("text/plain", 24_000)).isEqualTo(8_000);
    }

    private static long estimate(Object content) {
        return History.estimate(List.of(new PromptMessage("user", content)), Map.of());
    }

    private static Object file(String mediaType, int bytes) {
        return Images.part(
                mediaType, null, "data:" + mediaType + ";base64," + "A".repeat(bytes / 3 * 4 + bytes % 3 * 4 / 3));
    }

    private static History.Line reply(long seq, String text) {
        return new History.Line(seq, 1, "assistant", text);
    }

    private static History.Line asked(long seq, String text) {
        return new History.Line(seq, 0, "user", text);
    }
}
