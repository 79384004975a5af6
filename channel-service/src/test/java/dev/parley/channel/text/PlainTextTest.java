package dev.parley.channel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void ordinaryTextAndEmojiStay() {
        assertThat(PlainText.storable("naïve ✓ \uD83D\uDE00\u202Eabc\n")).isEqualTo("naïve ✓ \uD83D\uDE00\u202Eabc\n");
    }

    @Test
    void nulAndUnpairedSurrogatesAreReplaced() {
        assertThat(PlainText.storable("a\0b")).isEqualTo("a\uFFFDb");
        assertThat(PlainText.storable("\uD83D")).isEqualTo("\uFFFD");
        assertThat(PlainText.storable("\uDE00x\uD83D\uDE00")).isEqualTo("\uFFFDx\uD83D\uDE00");
    }
}
