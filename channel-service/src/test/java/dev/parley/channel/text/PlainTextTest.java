package dev.parley.channel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void ordinaryTextAndEmojiStay() {
        assertThat(PlainText.storable("naïve ✓ \uD83D\uDE00\u202Eabc\n")).isEqualTo("naïve ✓ \uD83D\uDE00\u202Eabc\n");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        String emoji = "\uD83D\uDE00";

        assertThat(PlainText.kept("x".repeat(31_999) + emoji)).isEqualTo("x".repeat(31_999));
        assertThat(PlainText.kept("x".repeat(31_998) + emoji + "y")).isEqualTo("x".repeat(31_998) + emoji);
        assertThat(PlainText.kept("short\0")).isEqualTo("short\uFFFD");
    }

    @Test
    void nulAndUnpairedSurrogatesAreReplaced() {
        assertThat(PlainText.storable("a\0b")).isEqualTo("a\uFFFDb");
        assertThat(PlainText.storable("\uD83D")).isEqualTo("\uFFFD");
        assertThat(PlainText.storable("\uDE00x\uD83D\uDE00")).isEqualTo("\uFFFDx\uD83D\uDE00");
    }
}
