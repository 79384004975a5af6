package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is too large to be read keeps nobody from an answer to their words. */
class LargeFilesTest {
    /** What policy allows where nothing else is said. */
    private static final int LIMIT = 8_000;

    private static final LlmMessage.Text WORDS = new LlmMessage.Text("Is this right?");
    private static final LlmMessage.Image PICTURE = new LlmMessage.Image("data:image/png;base64,AAAA");
    private static final LlmMessage.Text PICTURE_NOTE =
            new LlmMessage.Text("[A picture was sent (image/png) that could not be read here, because what was sent is"
                    + " too large. You do not know what it shows; tell the sender so if it matters.]");
    private static final LlmMessage.File LARGE = FilesTest.file("application/pdf", 399_999);
    private static final LlmMessage.Text LARGE_NOTE =
            new LlmMessage.Text("[A file was sent that could not be read here because it is too large, called"
                    + " \"order.pdf\" (application/pdf). You do not know what it says; tell the sender so if it"
                    + " matters.]");

    @Test
    void theWordsWithAPdfOf400KilobytesAreAnswered() {
        assertThat(asked(LIMIT, WORDS, LARGE)).containsExactly(WORDS, LARGE_NOTE);
        assertThat(asked(20_000, WORDS, LARGE)).containsExactly(WORDS, LARGE);
    }

    @Test
    void ofEightPicturesAsManyAreShownAsFit() {
        List<LlmMessage.Part> parts = new ArrayList<>(Collections.nCopies(9, PICTURE));
        parts.set(0, WORDS);

        List<LlmMessage.Part> asked = asked(LIMIT, parts.toArray(LlmMessage.Part[]::new));

        parts.set(8, PICTURE_NOTE);
        assertThat(asked).isEqualTo(parts);
    }

    @Test
    void theLargestGoesFirst() {
        LlmMessage.File small = FilesTest.file("application/pdf", 3);

        assertThat(asked(LIMIT, WORDS, small, LARGE, PICTURE)).containsExactly(WORDS, small, LARGE_NOTE, PICTURE);
        assertThat(asked(2_000, WORDS, small, LARGE, PICTURE))
                .startsWith(WORDS)
                .endsWith(PICTURE)
                .doesNotContain(small, LARGE);
    }

    @Test
    void whatTakesLessThanItsMentionStays() {
        LlmMessage.File second = FilesTest.file("audio/ogg", 1_998);
        int words = TokenEstimate.of(WORDS) + 4 + 4 + 1;

        assertThatThrownBy(() -> asked(words + 31, WORDS, second)).isInstanceOf(Problem.class);
        assertThat(asked(words + 32, WORDS, second)).containsExactly(WORDS, second);
    }

    @Test
    void onlyWordsThatAreTooLargeAloneAreRefused() {
        assertThatThrownBy(() -> asked(LIMIT, new LlmMessage.Text("x".repeat(4 * LIMIT)), LARGE))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(RunProblem.CONTEXT_TOO_LARGE));
    }

    @Test
    void earlierMessagesGiveWayAfterTheFile() {
        List<LlmMessage> talk = List.of(
                LlmMessage.of(Role.USER, "Hello"),
                LlmMessage.of(Role.ASSISTANT, "Hello!"),
                new LlmMessage(Role.USER, List.of(WORDS, LARGE)));

        assertThat(ContextAssembly.assemble("rule", talk, LIMIT))
                .extracting(LlmMessage::text)
                .containsExactly("rule", "Hello", "Hello!", WORDS.text() + "\n" + LARGE_NOTE.text());
    }

    private static List<LlmMessage.Part> asked(int limit, LlmMessage.Part... parts) {
        return ContextAssembly.assemble("rule", List.of(new LlmMessage(Role.USER, List.of(parts))), limit)
                .getLast()
                .parts();
    }
}
