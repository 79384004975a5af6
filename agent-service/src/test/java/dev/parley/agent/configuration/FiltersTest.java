package dev.parley.agent.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiltersTest {
    @Test
    void aPhraseIsFoundAsWholeWordsInAnyCase() {
        Filters filters = new Filters(List.of("Job  application", "stop"), null);

        assertThat(filters.takesText("My JOB\napplication, please")).isFalse();
        assertThat(filters.takesText("Stop!")).isFalse();
        assertThat(filters.takesText("nonstop flights")).isTrue();
        assertThat(filters.takesText("unstoppable, then stop")).isFalse();
        assertThat(filters.takesText("job applications")).isTrue();
        assertThat(filters.takesText("")).isTrue();
    }

    @Test
    void wordsOfOtherScriptsAreWordsToo() {
        assertThat(new Filters(List.of("कि"), null).takesText("किताब")).isTrue();
        assertThat(new Filters(List.of("क"), null).takesText("कि"))
                .as("a sign of its own")
                .isTrue();
        assertThat(new Filters(List.of("नौकरी"), null).takesText("मुझे नौकरी चाहिए"))
                .isFalse();
        assertThat(new Filters(List.of("退款"), null).takesText("我要退款吗"))
                .as("no spaces")
                .isFalse();
        assertThat(new Filters(List.of("#spam"), null).takesText("a#spam")).isFalse();
        assertThat(new Filters(List.of("café"), null).takesText("the cafe\u0301"))
                .as("composed")
                .isFalse();
    }

    @Test
    void nothingIsIgnoredThatSaysNothing() {
        assertThat(new Filters(List.of("\u00a0"), null).takesText("Hello")).isTrue();
        assertThat(new Filters(List.of(), null).takesText("Hello")).isTrue();
        assertThat(new Filters(null, null).takesText("Hello")).isTrue();
    }

    @Test
    void onlyTheChannelsThatAreNamedAreAnswered() {
        assertThat(new Filters(null, List.of("web", "whatsapp")).takesChannel("whatsapp"))
                .isTrue();
        assertThat(new Filters(null, List.of("web", "whatsapp")).takesChannel("telegram"))
                .isFalse();
        assertThat(new Filters(null, null).takesChannel("telegram")).isTrue();
    }
}
