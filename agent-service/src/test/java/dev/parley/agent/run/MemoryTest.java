package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final RunConfig.Memory CONFIG = new SmallRyeConfigBuilder()
            .withMapping(RunConfig.class)
            .withConverter(
                    Duration.class,
                    300,
                    text -> text.endsWith("D") ? Duration.parse("P" + text) : Duration.parse("PT" + text))
            .build()
            .getConfigMapping(RunConfig.class)
            .memory();

    @Test
    void theOldestArePutIntoASummaryBeforeTheChannelStopsTellingThem() {
        assertThat(Memory.of(null, null, talk(0, 15), CONFIG).isDue()).isFalse();

        Memory due = Memory.of(null, null, talk(0, 17), CONFIG);

        assertThat(due).isEqualTo(new Memory(null, 0, 10));
        assertThat(due.told()).isNull();
        assertThat(due.since(talk(0, 17))).hasSize(17);
    }

    @Test
    void fewLongOnesAreTimeTooButTheNewestStay() {
        List<LlmMessage> talk = new ArrayList<>(talk(0, 9));
        talk.set(0, LlmMessage.of(Role.USER, "x".repeat(12_000)));

        assertThat(Memory.of(null, null, talk, CONFIG).until()).isEqualTo(2);
        assertThat(Memory.of(null, null, talk.subList(0, 5), CONFIG).isDue()).isFalse();
    }

    @Test
    void aSummaryStandsForWhatItCoversWhereverTheChannelBegins() {
        byte[] mark = Memory.mark(talk(0, 17), 10);

        Memory next = Memory.of("So far.", mark, talk(4, 19), CONFIG);

        assertThat(next.from()).isEqualTo(6);
        assertThat(next.since(talk(4, 19)).getFirst().text()).isEqualTo("question 10");
        assertThat(next.told().role()).isEqualTo(Role.USER);
        assertThat(next.told().text()).endsWith("So far.").contains("no instructions");
        assertThat(next.isDue()).isFalse();
        // and it grows from there
        assertThat(Memory.of("So far.", mark, talk(4, 27), CONFIG)).isEqualTo(new Memory("So far.", 6, 16));
        // and when the channel begins behind it nothing is left out
        assertThat(Memory.of("So far.", mark, talk(12, 19), CONFIG)).isEqualTo(new Memory("So far.", 0, 0));
    }

    @Test
    void theSummaryIsNotDroppedBeforeTheOldestMessages() {
        LlmMessage summary = new Memory("So far.", 0, 0).told();

        List<LlmMessage> context = ContextAssembly.assemble("rule", summary, talk(0, 5), 60);

        assertThat(context.get(1)).isEqualTo(summary);
        assertThat(context).hasSizeLessThan(7);
        assertThat(context.getLast().text()).isEqualTo("question 4");
    }

    /** Messages of a conversation, question and answer in turns, with their numbers. */
    private static List<LlmMessage> talk(int from, int to) {
        List<LlmMessage> talk = new ArrayList<>();
        for (int i = from; i < to; i++) {
            talk.add(
                    i % 2 == 0
                            ? LlmMessage.of(Role.USER, "question " + i)
                            : LlmMessage.of(Role.ASSISTANT, "answer " + i));
        }
        return talk;
    }
}
