package dev.parley.channel.text;

/** Makes any text storable: what no database and no provider can hold is replaced. */
public final class PlainText {
    /** The most characters that a message has. */
    public static final int LONGEST = 32_000;

    private static final char REPLACEMENT = '\uFFFD';

    private PlainText() {}

    /** The text with NUL and unpaired surrogates replaced; the same object when there is nothing to replace. */
    public static String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return replaced(text);
            }
        }
        return text;
    }

    /** As much of a text as a message has, storable; a character that needs two places is kept whole or not at all. */
    public static String kept(String text) {
        String clean = storable(text);
        if (clean.length() <= LONGEST) {
            return clean;
        }
        boolean halves = Character.isHighSurrogate(clean.charAt(LONGEST - 1));
        return clean.substring(0, halves ? LONGEST - 1 : LONGEST);
    }

    private static String replaced(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }
}
