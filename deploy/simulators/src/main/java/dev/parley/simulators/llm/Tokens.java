package dev.parley.simulators.llm;

import java.util.List;

/**
 * The demo model's tokens: four characters (Unicode code points) are one.
 *
 * <p>A text of n characters is ⌈n / 4⌉ tokens; a request is 3 tokens, and 4 and its text for each message, and 85 for
 * each image.
 */
final class Tokens {

    static final int PER_REQUEST = 3;
    static final int PER_MESSAGE = 4;
    static final int PER_IMAGE = 85;

    private static final int CHARACTERS = 4;

    private Tokens() {}

    static int count(String text) {
        return (text.codePointCount(0, text.length()) + CHARACTERS - 1) / CHARACTERS;
    }

    /** The text up to so many tokens. */
    static String first(String text, int tokens) {
        int characters = text.codePointCount(0, text.length());
        return tokens >= (characters + CHARACTERS - 1) / CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, tokens * CHARACTERS));
    }

    /** Where the token that starts at this index ends. */
    static int end(String text, int start) {
        int end = start;
        for (int i = 0; i < CHARACTERS && end < text.length(); i++) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    /** Cuts the text before the first of the stop sequences; the same text if none occurs. */
    static String beforeStop(String text, List<String> stops) {
        String kept = text;
        for (String stop : stops) {
            int at = stop.isEmpty() ? -1 : kept.indexOf(stop);
            if (at >= 0) {
                kept = kept.substring(0, at);
            }
        }
        return kept;
    }
}
