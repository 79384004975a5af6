package dev.parley.channel.adapter.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextPartsTest {
    @Test
    void shortTextIsOnePart() {
        assertThat(TextParts.split("  Hello.\n", 10)).containsExactly("Hello.");
    }

    @Test
    void blankTextIsNoPart() {
        assertThat(TextParts.split(" \n\n ", 10)).isEmpty();
    }

    @Test
    void paragraphsComeBeforeSentencesAndSentencesBeforeWords() {
        assertThat(TextParts.split("One two.\n\nThree four. Five six.", 24))
                .containsExactly("One two.\n\nThree four.", "Five six.");
        assertThat(TextParts.split("One two three four.\n\nFive six.", 24))
                .containsExactly("One two three four.", "Five six.");
        assertThat(TextParts.split("alpha beta gamma delta", 12)).containsExactly("alpha beta", "gamma delta");
    }

    @Test
    void aWordLongerThanAPartIsCutBetweenCharacters() {
        assertThat(TextParts.split("a".repeat(25), 10)).containsExactly("a".repeat(10), "a".repeat(10), "a".repeat(5));
    }

    @Test
    void anEmojiOfSeveralCodePointsIsNeverCut() {
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";

        List<String> parts = TextParts.split(family.repeat(3), 20);

        assertThat(parts).containsExactly(family.repeat(2), family);
    }

    @Test
    void aGraphemeLongerThanAPartIsCutBetweenCodePoints() {
        List<String> parts = TextParts.split("a" + "\u0301".repeat(30) + "\uD83D\uDE00", 8);

        assertThat(String.join("", parts)).isEqualTo("a" + "\u0301".repeat(30) + "\uD83D\uDE00");
        assertThat(parts).allMatch(part -> part.length() <= 8);
    }

    @Test
    void nothingButWhiteSpaceIsLostAndNoPartIsTooLong() {
        Random random = new Random(7);
        String alphabet = "ab \n.\uD83D\uDE00é";
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                text.appendCodePoint(alphabet.codePointAt(
                        alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())))));
            }

            List<String> parts = TextParts.split(text.toString(), 30);

            assertThat(parts).allMatch(part -> part.length() <= 30 && !part.isBlank());
            assertThat(String.join("", parts).replaceAll("\\s", ""))
                    .isEqualTo(text.toString().replaceAll("\\s", ""));
        }
    }
}
