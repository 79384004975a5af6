package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTextTest {
    private final List<String> pieces = new ArrayList<>();
    private final ReplyText text = new ReplyText(pieces::add);

    @Test
    void aCharacterInTwoPiecesIsPutTogether() {
        text.accept("a\uD83D");
        text.accept("\uDE00b");
        assertThat(text.finish()).isEqualTo("a\uD83D\uDE00b");
        assertThat(pieces).containsExactly("a", "\uD83D\uDE00b");
    }

    @Test
    void halvesAreReplacedAndNulIsDropped() {
        text.accept("\uDE00x\u0000\uD83D");
        text.accept("y\uD83D");
        assertThat(text.finish()).isEqualTo("\uFFFDx\uFFFDy\uFFFD");
        assertThat(String.join("", pieces)).isEqualTo("\uFFFDx\uFFFDy\uFFFD");
        assertThat(ReplyText.clean("ok")).isEqualTo("ok");
        assertThat(ReplyText.clean("o\u0000k\uD83D")).isEqualTo("ok\uFFFD");
    }
}
