package dev.parley.channel.adapter.rendering;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits long texts into parts that a channel takes, at the place where it hurts least. */
public final class TextParts {
    private static final String[] GOOD_ENDS = {"\n\n", "\n", ". ", "! ", "? ", " "};

    private TextParts() {}

    /**
     * Splits after a paragraph, else a line, a sentence, a word, else between two user-perceived characters. Blank
     * parts are left out; nothing but white space at the cuts is lost.
     *
     * @param longest the most UTF-16 units in a part; more than 0
     */
    public static List<String> split(String text, int longest) {
        List<String> parts = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > longest) {
            int cut = cut(rest, longest);
            add(parts, rest.substring(0, cut));
            rest = rest.substring(cut).stripLeading();
        }
        add(parts, rest);
        return parts;
    }

    private static void add(List<String> parts, String part) {
        String stripped = part.stripTrailing();
        if (!stripped.isBlank()) {
            parts.add(stripped);
        }
    }

    private static int cut(String text, int longest) {
        for (String end : GOOD_ENDS) {
            int at = text.lastIndexOf(end, longest - end.length());
            if (at >= longest / 2) {
                return at + end.length();
            }
        }
        int space = text.lastIndexOf(' ', longest - 1);
        return space > 0 ? space + 1 : graphemeCut(text, longest);
    }

    private static int graphemeCut(String text, int longest) {
        BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
        graphemes.setText(text.substring(0, Math.min(text.length(), longest + 64)));
        int at = graphemes.isBoundary(longest) ? longest : graphemes.preceding(longest);
        if (at > 0) {
            return at;
        }
        return Character.isLowSurrogate(text.charAt(longest)) && longest > 1 ? longest - 1 : longest;
    }
}
