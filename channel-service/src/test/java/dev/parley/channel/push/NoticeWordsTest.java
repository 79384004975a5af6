package dev.parley.channel.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoticeWordsTest {
    private final NoticeWords words = new NoticeWords(new ObjectMapper());

    @ParameterizedTest
    @CsvSource({
        "de-AT,Sie haben eine neue Antwort.",
        "PT_br,Você tem uma nova resposta.",
        "en,You have a new answer.",
        "xx,You have a new answer.",
        ",You have a new answer."
    })
    void thatThereIsAnAnswerIsSaidInTheLanguage(String language, String said) {
        assertThat(words.in(language)).isEqualTo(said);
    }

    @Test
    void aShortAnswerIsShownInOneLine() {
        assertThat(words.preview("  Hello,\n\n\tAna.\u0007  ", "de", 160)).isEqualTo("Hello, Ana.");
    }

    @Test
    void anAnswerWithoutWordsIsOnlySaidToBeThere() {
        assertThat(words.preview(" \n ", "de", 160)).isEqualTo("Sie haben eine neue Antwort.");
    }

    @Test
    void aLongAnswerIsCutBetweenCodePoints() {
        assertThat(words.preview("🙂".repeat(5), null, 5)).isEqualTo("🙂".repeat(5));
        assertThat(words.preview("🙂".repeat(6), null, 5)).isEqualTo("🙂".repeat(4) + "…");
        assertThat(words.preview("abc defgh", null, 5)).isEqualTo("abc…");
    }
}
