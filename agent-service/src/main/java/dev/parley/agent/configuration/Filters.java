package dev.parley.agent.configuration;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which messages an agent takes at all; others are kept and not answered.
 *
 * @param ignore words or phrases; a message that has one of them, as whole words and in any case, is not taken
 * @param onlyChannels the channels on which the agent answers, such as {@code web} or {@code whatsapp}; absent: all
 */
public record Filters(
        @Size(max = 100) List<@NotBlank @Size(max = 100) @Pattern(regexp = Configuration.TEXT) String> ignore,

        @Size(min = 1, max = 20) List<@NotNull @Pattern(regexp = "[a-z][a-z0-9_-]{0,62}") String> onlyChannels) {
    /** Scripts that write words without a space between them. */
    private static final Set<UnicodeScript> UNSPACED = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /** Whether messages of that channel are taken. */
    public boolean takesChannel(String channel) {
        return onlyChannels == null || onlyChannels.contains(channel);
    }

    /** Whether a message with that text is taken. */
    public boolean takesText(String text) {
        if (ignore == null || ignore.isEmpty()) {
            return true;
        }
        String said = plain(text);
        return ignore.stream().map(Filters::plain).noneMatch(phrase -> !phrase.isEmpty() && says(said, phrase));
    }

    /** One form of what is written alike. */
    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static boolean says(String said, String phrase) {
        for (int at = said.indexOf(phrase); at >= 0; at = said.indexOf(phrase, at + 1)) {
            int end = at + phrase.length();
            boolean begins = at == 0 || parts(said.codePointBefore(at), phrase.codePointAt(0));
            boolean ends =
                    end == said.length() || parts(phrase.codePointBefore(phrase.length()), said.codePointAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    /** Whether a word ends between two characters. */
    private static boolean parts(int left, int right) {
        return !isOfWord(left) || !isOfWord(right) || isUnspaced(left) || isUnspaced(right);
    }

    private static boolean isOfWord(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> Character.isLetterOrDigit(character) || character == '_';
        };
    }

    private static boolean isUnspaced(int character) {
        return UNSPACED.contains(UnicodeScript.of(character));
    }
}
