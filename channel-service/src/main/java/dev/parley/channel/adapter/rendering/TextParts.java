package dev.parley.channel.adapter.rendering;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits long texts into parts that a channel takes, at the place where it hurts least. */
public final class TextParts {
    private static final String[] GOOD_ENDS = {"\n\n", "\n", ". ", "! ", "? ", " "};
    /** What is looked at behind a cut, so that a character of several code points is seen whole. */
    private static final int BEHIND = 64;

    private TextParts() {}

    /**
     * Splits after a paragraph, else a line, a sentence, a word, else between two user-perceived characters. Blank
     * parts are left out; nothing but white space at the cuts is lost.
     *
     * @param longest the most UTF-16 units in a part; more than 0
     */
    public static List<String> split(String text, int longest) {
        return ranges(text, longest).stream()
                .map(range -> text.substring(range.start(), range.end()))
                .toList();
    }

    /** Where the parts of {@link #split} stand in the text. */
    static List<Range> ranges(String text, int longest) {
        List<Range> ranges = new ArrayList<>();
        Range rest = new Range(0, text.length()).stripped(text);
        while (rest.length() > longest) {
            int seen = Math.min(rest.end(), rest.start() + longest + BEHIND);
            int cut = rest.start() + cut(text.substring(rest.start(), seen), longest);
            add(ranges, new Range(rest.start(), cut).stripped(text));
            rest = new Range(cut, rest.end()).stripped(text);
        }
        add(ranges, rest);
        return ranges;
    }

    private static void add(List<Range> ranges, Range range) {
        if (range.length() > 0) {
            ranges.add(range);
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
        graphemes.setText(text);
        int at = graphemes.isBoundary(longest) ? longest : graphemes.preceding(longest);
        if (at > 0) {
            return at;
        }
        return Character.isLowSurrogate(text.charAt(longest)) && longest > 1 ? longest - 1 : longest;
    }

    /**
     * A piece of a text.
     *
     * @param end the place behind its last unit
     */
    record Range(int start, int end) {
        int length() {
            return end - start;
        }

        /** The piece without white space at its ends. */
        Range stripped(String text) {
            int from = start;
            int to = end;
            while (from < to && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
                to--;
            }
            return new Range(from, to);
        }
    }
}
